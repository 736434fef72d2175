# What the scripts of this folder share; each sources it. A script unpacks its broker into a folder of its own below the
# cache, beside a file `run` that starts it and knows its version. A broker appears there whole or not at all.

set -euo pipefail

brokers=${BASH_SOURCE[0]%/*}
cache=${GAUNTLET_BROKERS:-${XDG_CACHE_HOME:-$HOME/.cache}/gauntlet/brokers}

# Ends the script with a sentence for people.
give_up() {
  echo "$name: $*" >&2
  exit 1
}

# need COMMAND PACKAGE: the program must be there; the Debian package is told otherwise.
need() {
  command -v "$1" > /dev/null || give_up "needs the program $1 (Debian package $2)"
}

# begin NAME VERSION: an empty folder $staging to work in. Ends the script when this version is there already.
begin() {
  name=$1 version=$2
  if [[ -x $cache/$name/run && $(< "$cache/$name/version") == "$version" ]]; then
    echo "$name $version is in $cache/$name already"
    exit 0
  fi
  staging=$cache/.$name.$$
  mkdir -p "$staging"
  trap 'rm -rf "$staging"' EXIT
  echo "installing $name $version ..."
}

# One digest over the contents and names of the files below a folder.
digest_of() {
  (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
}

# verify FOLDER DIGEST: what was fetched must be what was tried.
verify() {
  local found
  found=$(digest_of "$1")
  [[ $found == "$2" ]] || give_up "the files fetched have the digest $found instead of $2"
}

# quietly COMMAND...: runs it, and shows what it said only if it fails.
quietly() {
  "$@" > "$staging/log" 2>&1 || {
    cat "$staging/log" >&2
    give_up "$1 failed"
  }
  rm "$staging/log"
}

# fetch_jars DIGEST GROUP:ARTIFACT:VERSION: the artifact and all that it runs with, from Maven Central into lib/.
fetch_jars() {
  need mvn maven
  local group artifact release
  IFS=: read -r group artifact release <<< "$2"
  cat > "$staging/pom.xml" << END
<project><modelVersion>4.0.0</modelVersion><groupId>gauntlet</groupId><artifactId>$name</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>$group</groupId><artifactId>$artifact</artifactId><version>$release</version>
  </dependency></dependencies>
</project>
END
  quietly mvn --batch-mode --file "$staging/pom.xml" dependency:copy-dependencies \
    -DoutputDirectory="$staging/lib" -DincludeScope=runtime
  verify "$staging/lib" "$1"
}

# finish: takes the last lines of `run` from standard input, and puts the broker into its place. In them, $here is the
# broker's folder.
finish() {
  {
    echo '#!/bin/bash'
    echo "[ \"\${1-}\" != --version ] || { echo $version; exit; }"
    echo 'here=${0%/*}'
    cat
  } > "$staging/run"
  chmod +x "$staging/run"
  echo "$version" > "$staging/version"
  rm -rf "${cache:?}/$name"
  mv "$staging" "$cache/$name"
  echo "$name $version is in $cache/$name"
}

# debian_lists KIND SUITE: package lists of that Debian release, whatever this machine runs, in $state, apart from the
# machine's own; KIND is deb or deb-src. `apt` then works on them.
debian_lists() {
  need apt-get apt
  local mirror
  state=$staging/apt
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  [[ -n $mirror ]] || give_up "needs a Debian machine with package lists (apt-get update)"
  mkdir -p "$state"/{lists,archives,state}/partial
  : > "$state/state/status"
  echo "$1 [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $2 main" > "$state/sources.list"
  cat > "$state/conf" << END
Dir::Etc { sourcelist "$state/sources.list"; sourceparts "/dev/null"; preferences "/dev/null"; preferencesparts "/dev/null"; };
Dir::State "$state/state";
Dir::State { status "$state/state/status"; lists "$state/lists"; };
Dir::Cache "$state";
Dir::Cache::archives "$state/archives";
Acquire::Languages "none";
APT { Install-Recommends "0"; Sandbox::User ""; };
END
  APT_CONFIG=$state/conf quietly apt-get update
}

# fetch_debian_source SUITE PACKAGE=VERSION: the source, with Debian's patches, below source/.
fetch_debian_source() {
  local state
  debian_lists deb-src "$1"
  mkdir "$staging/source"
  (cd "$staging/source" && APT_CONFIG=$state/conf quietly apt-get source "$2")
  rm -rf "$state"
}

# fetch_debian SUITE PACKAGE...: unpacks these packages and all that they depend on into debian/, as another Debian release
# has them if need be: nothing of this machine changes, and no root is needed. Debian's signatures are what is verified.
fetch_debian() {
  local suite=$1 state
  shift
  debian_lists deb "$suite"
  mkdir -p "$staging"/debian/usr/{bin,sbin,lib,lib64}
  APT_CONFIG=$state/conf quietly apt-get install --yes --download-only --no-install-recommends "$@"
  # Today's Debian has /lib and its like as links into /usr; not all its packages say so.
  local each
  for each in bin sbin lib lib64; do ln -s "usr/$each" "$staging/debian/$each"; done
  for each in "$state"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$each" | tar -x -C "$staging/debian" --keep-directory-symlink --no-same-owner
  done
  # What the packages' own scripts would have done.
  ln -sf bash "$staging/debian/usr/bin/sh"
  ln -sf mawk "$staging/debian/usr/bin/awk"
  /sbin/ldconfig -n "$staging"/debian/usr/lib/*-linux-gnu
  rm -rf "$state"
  cp "$brokers/in_root.bash" "$staging"
}
