# in_root COMMAND...: becomes the command, with debian/usr in the place of /usr for it and its children alone. That is
# how a program of another Debian release finds its own libraries. Whoever is not root needs user namespaces.
in_root() {
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(--user --map-root-user)
  exec unshare "${as_root[@]}" --mount -- bash -c 'mount --bind "$0/usr" /usr && exec "$@"' "$here/debian" "$@"
}
