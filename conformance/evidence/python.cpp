#include "conformance/evidence/python.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "conformance/evidence/exchange.hpp"

namespace gauntlet::conformance {
namespace {

using script::wire_event;

// What every script opens with. The name of a packet stands in its first four bits.
constexpr std::string_view opening = R"py(import socket, sys, time

NAMES = ("type-0 CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK "
         "UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP DISCONNECT AUTH").split()


class Connection:
    def __init__(self, name, host, port):
        self.name, self.bytes, self.over = name, b"", False
        self.socket = self.open(sys.argv[1] if len(sys.argv) > 1 else host,
                                int(sys.argv[2]) if len(sys.argv) > 2 else port)
        print(f"{name}: connected")

    def open(self, host, port):
        return socket.create_connection((host, port), timeout=10)

    def send(self, text):
        print(f"{self.name}: sends {text}")
        try:
            self.socket.sendall(self.framed(bytes.fromhex(text)))
        except OSError as why:
            print(f"{self.name}: cannot send ({why})")

    def framed(self, data):
        return data

    def packet(self):
        """The first whole packet that has come, or nothing."""
        size, shift, at = 0, 0, 1
        while at < len(self.bytes) and at < 6:
            size |= (self.bytes[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not self.bytes[at - 1] & 0x80:
                whole, rest = self.bytes[:at + size], self.bytes[at + size:]
                if len(whole) < at + size:
                    return None
                self.bytes = rest
                return whole
        return None

    def receive(self, count, seconds=5):
        """Prints packets until so many have come, or that time is over."""
        deadline = time.monotonic() + seconds
        while count > 0:
            whole = self.packet()
            if whole:
                count -= 1
                print(f"{self.name}: received {NAMES[whole[0] >> 4]} {whole.hex(' ')}")
                continue
            left = deadline - time.monotonic()
            if self.over or left <= 0:
                break
            self.read(left)
        if count > 0 and count < 1000 and not self.over:
            print(f"{self.name}: nothing more within {seconds} s")

    def read(self, seconds):
        self.socket.settimeout(seconds)
        try:
            data = self.socket.recv(65536)
            self.over = not data
            self.bytes += data
            if self.over:
                print(f"{self.name}: the broker closed the connection")
        except TimeoutError:
            pass
        except OSError as why:
            self.over = True
            print(f"{self.name}: the connection broke ({why})")

    def watch(self, seconds):
        self.receive(1_000_000, seconds)

    def close(self):
        self.socket.close()
        self.over = True
        print(f"{self.name}: closes")
)py";

constexpr std::string_view over_tls = R"py(

class SecureConnection(Connection):
    def open(self, host, port):
        import ssl
        context = ssl._create_unverified_context()
        return context.wrap_socket(super().open(host, port), server_hostname=host)
)py";

constexpr std::string_view over_websocket = R"py(

class WebSocketConnection(Connection):
    """Binary frames, masked with zeros; what comes is taken out of its frames."""
    raw = b""

    def open(self, host, port):
        opened = super().open(host, port)
        opened.sendall((f"GET {self.path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n").encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += opened.recv(1) or sys.exit("no answer to the upgrade")
        return opened

    def framed(self, data):
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        return b"\x82" + size + bytes(4) + data

    def read(self, seconds):
        kept, self.bytes = self.bytes, self.raw
        super().read(seconds)
        self.raw, self.bytes = self.bytes, kept
        while len(self.raw) > 1:
            size, at = self.raw[1] & 0x7F, 2
            if size > 125:
                at = 4 if size == 126 else 10
                size = int.from_bytes(self.raw[2:at], "big")
            if len(self.raw) < at + size:
                break
            if self.raw[0] & 0x0F < 3:
                self.bytes += self.raw[at:at + size]
            self.raw = self.raw[at + size:]
)py";

constexpr std::string_view over_both = R"py(

class SecureWebSocketConnection(WebSocketConnection, SecureConnection):
    pass
)py";

// A comment must not end: the text of a finding may hold line breaks of a broker's.
std::string comment(std::string_view text) {
  std::string line = "# ";
  for (const char letter : text) {
    const bool is_plain = static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7F;
    line += is_plain ? letter : '?';
  }
  return line + '\n';
}

// The transcript tells waits as people do, such as "500ms" and "2.5s"; in whole seconds, at
// least 1.
int seconds_in(const std::string& told) {
  char* unit = nullptr;
  const double amount = std::strtod(told.c_str(), &unit);
  if (std::string_view(unit) != "s") return 1;
  return std::max(1, static_cast<int>(std::ceil(amount)));
}

// The script under construction: its story, and what of the opening it needs.
class script_writer {
 public:
  explicit script_writer(const evidence_input& from) : from_(from) {}

  std::string write() {
    for (const exchange_step& step : story_of(from_, exchange_scope::minimal)) add(step);
    flush();
    for (const std::size_t each : open_) story_ += fmt::format("{}.watch(2)\n", variable(each));
    const case_result& result = from_.result;
    std::string text = "#!/usr/bin/env python3\n";
    text += comment(fmt::format("{} on MQTT {}", result.id, mqtt::version_name(result.version)));
    if (!from_.title.empty()) text += comment(from_.title);
    if (!from_.statement.empty()) text += comment(from_.statement);
    if (const std::string what = divergence_text(result); !what.empty()) text += comment(what);
    text += opening;
    if (uses_tls_) text += over_tls;
    if (uses_websocket_) text += over_websocket;
    if (uses_tls_ && uses_websocket_) text += over_both;
    return text + "\n\n" + story_;
  }

 private:
  static std::string variable(std::size_t connection) { return fmt::format("c{}", connection + 1); }

  void add(const exchange_step& step) {
    const std::string who = variable(step.connection);
    switch (step.entry->what) {
      case wire_event::opened:
        flush();
        open(step.connection);
        return;
      case wire_event::sent:
        flush();
        send(who, *step.entry);
        return;
      case wire_event::received:
        await(step.connection, step.entry->text);
        return;
      case wire_event::waited:
        flush();
        story_ += fmt::format("{}.watch({})  # {}\n", who, seconds_in(step.entry->text),
                              step.entry->text);
        return;
      case wire_event::peer_finished:
      case wire_event::peer_reset:
        await(step.connection, "the end of the connection");
        return;
      case wire_event::we_closed:
      case wire_event::we_aborted:
        flush();
        if (std::erase(open_, step.connection) > 0) story_ += who + ".close()\n";
        return;
      case wire_event::remark:
        flush();
        story_ += comment(step.entry->text);
        return;
      case wire_event::open_failed:
        flush();
        story_ += comment("no connection: " + step.entry->text);
        return;
    }
  }

  void open(std::size_t connection) {
    const net::endpoint where = endpoint_of(from_, connection);
    const bool websocket =
        where.transport == net::transport::ws || where.transport == net::transport::wss;
    const bool tls =
        where.transport == net::transport::tls || where.transport == net::transport::wss;
    uses_tls_ = uses_tls_ || tls;
    uses_websocket_ = uses_websocket_ || websocket;
    const std::string kind =
        fmt::format("{}{}Connection", tls ? "Secure" : "", websocket ? "WebSocket" : "");
    if (websocket) story_ += fmt::format("WebSocketConnection.path = \"{}\"\n", where.path);
    story_ += fmt::format("{} = {}(\"{}\", \"{}\", {})\n", variable(connection), kind,
                          from_.result.transcripts[connection].name(), where.host, where.port);
    open_.push_back(connection);
  }

  void send(const std::string& who, const script::transcript_entry& entry) {
    story_ += comment(entry.text);
    const std::string hex = to_hex(entry.bytes);
    const std::size_t missing = entry.size_bytes - entry.bytes.size();
    if (missing == 0) {
      story_ += fmt::format("{}.send(\"{}\")\n", who, hex);
    } else {
      // Transcripts are cut; what is missing is the end of a payload or of many fields.
      story_ += fmt::format("{}.send(\"{}\" + {} * \"00\")\n", who, hex, missing);
    }
  }

  // Packets that came one after the other are awaited together.
  void await(std::size_t connection, std::string_view what) {
    if (awaited_ > 0 && awaiting_ != connection) flush();
    awaiting_ = connection;
    ++awaited_;
    story_ += comment("then came: " + std::string(what));
  }

  void flush() {
    if (awaited_ == 0) return;
    story_ += fmt::format("{}.receive({})\n", variable(awaiting_), awaited_);
    awaited_ = 0;
  }

  const evidence_input& from_;
  std::string story_;
  std::vector<std::size_t> open_;
  std::size_t awaiting_ = 0;
  std::size_t awaited_ = 0;
  bool uses_tls_ = false;
  bool uses_websocket_ = false;
};

}  // namespace

std::string to_python(const evidence_input& from) { return script_writer(from).write(); }

}  // namespace gauntlet::conformance
