# Eclipse Mosquitto from Debian's source package, built so that it counts the edges of its code that run: what fuzzing is
# guided by. mosquitto-coverage and mosquitto-asan share it. Debian's signatures are what is verified.

mosquitto_release=2.0.11-1.2+deb12u2

# build_mosquitto CFLAG...: the broker, without WebSocket, as $staging/mosquitto. With the flags given it is compiled and
# linked; the counting is added here.
build_mosquitto() {
  need clang-14 clang-14
  need make make
  need dpkg-source dpkg-dev
  [[ -f /usr/include/openssl/ssl.h ]] || give_up "needs the headers of OpenSSL (Debian package libssl-dev)"
  fetch_debian_source bookworm "mosquitto=$mosquitto_release"
  local source
  source=$(echo "$staging"/source/mosquitto-*/)
  # Without the counting: it must not count itself.
  quietly clang-14 -O2 -c "$brokers/../../fuzz/coverage/coverage_runtime.c" -o "$staging/coverage_runtime.o"
  CC=clang-14 CFLAGS="-O1 -g $* -fsanitize-coverage=trace-pc-guard" LDFLAGS="$* $staging/coverage_runtime.o" \
    quietly nice make -C "$source/src" mosquitto WITH_WEBSOCKETS=no WITH_CJSON=no WITH_SYSTEMD=no WITH_ADNS=no
  mv "$source/src/mosquitto" "$staging"
  rm -rf "$staging/source" "$staging/coverage_runtime.o"
}
