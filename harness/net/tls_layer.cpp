// TLS on a connected descriptor, see stream_layer in channel_layers.hpp.
//
// How a connection ends: a close-notify is `finished`; a FIN without one is `finished` too, and the
// detail says so, because many brokers end that way and MQTT itself shows whether a packet was cut;
// ECONNRESET and the like are `reset`; alerts, failed verification and broken records are
// `tls_failed`.

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "harness/net/channel_layers.hpp"
#include "harness/net/tls_context.hpp"
#include "harness/net/tls_identity.hpp"

namespace gauntlet::net {
namespace {

/// The system's side of one connection: what OpenSSL's own socket BIO lacks is a write that does
/// not raise SIGPIPE, and a memory of what broke the stream.
struct descriptor_io {
  int descriptor = -1;
  int error = 0;  ///< errno of the step that broke the stream
};

descriptor_io& io_of(BIO* bio) { return *static_cast<descriptor_io*>(BIO_get_data(bio)); }

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int bio_read(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  descriptor_io& io = io_of(bio);
  const ssize_t count = ::recv(io.descriptor, into, static_cast<std::size_t>(size), 0);
  if (count > 0) return static_cast<int>(count);
  if (count == 0) return 0;
  if (would_block()) {
    BIO_set_retry_read(bio);
  } else {
    io.error = errno;
  }
  return -1;
}

int bio_write(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  descriptor_io& io = io_of(bio);
  const ssize_t count = ::send(io.descriptor, from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<int>(count);
  if (would_block()) {
    BIO_set_retry_write(bio);
  } else {
    io.error = errno;
  }
  return -1;
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

/// The one table of functions that all connections share; immutable once made.
const BIO_METHOD* descriptor_method() {
  static const openssl_owner<BIO_METHOD> method = [] {
    openssl_owner<BIO_METHOD> made(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "descriptor"));
    BIO_meth_set_read(made.get(), bio_read);
    BIO_meth_set_write(made.get(), bio_write);
    BIO_meth_set_ctrl(made.get(), bio_control);
    return made;
  }();
  return method.get();
}

bool is_address(const std::string& host) {
  std::array<std::uint8_t, sizeof(in6_addr)> parsed{};
  return ::inet_pton(AF_INET, host.c_str(), parsed.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), parsed.data()) == 1;
}

class tls_layer final : public stream_layer {
 public:
  tls_layer(int descriptor, SSL_CTX* context) : io_{.descriptor = descriptor} {
    ssl_.reset(SSL_new(context));
    BIO* const bio = BIO_new(descriptor_method());
    if (ssl_ == nullptr || bio == nullptr) throw std::bad_alloc();
    BIO_set_data(bio, &io_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_verify(ssl_.get(), SSL_CTX_get_verify_mode(context), note_verification);
  }
  tls_layer(const tls_layer&) = delete;
  tls_layer& operator=(const tls_layer&) = delete;
  ~tls_layer() override { ERR_clear_error(); }

  void become_client(const tls_client_context& context, const std::string& host) {
    SSL_set_connect_state(ssl_.get());
    const std::string& name = context.server_name.empty() ? host : context.server_name;
    const bool address = is_address(name);
    // SNI carries names only (RFC 6066 §3).
    if (!address) {
      SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(name.c_str()));
    }
    if (context.insecure) return;
    if (address) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), name.c_str());
    } else {
      SSL_set1_host(ssl_.get(), name.c_str());
    }
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, note_verification);
  }
  void show(const identity_files& identity) {
    auto wrong = load_identity(ssl_.get(), identity.certificate_file, identity.key_file);
    if (wrong) fail(end_kind::tls_failed, std::move(wrong->message));
  }
  void become_server() { SSL_set_accept_state(ssl_.get()); }

  io_status handshake() override {
    if (failure_ != nullptr) return io_status::failed;
    start_step();
    const int answer = SSL_do_handshake(ssl_.get());
    return answer == 1 ? io_status::done : judge(answer);
  }

  io_result read_some(std::span<std::uint8_t> into) override {
    start_step();
    std::size_t count = 0;
    const int answer = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
    if (answer == 1) return {io_status::done, count};
    const io_status status = judge(answer);
    if (status == io_status::again) give_back_buffers();
    return {status, 0};
  }

  io_result write_some(byte_view bytes) override {
    start_step();
    std::size_t count = 0;
    const int answer = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    return answer == 1 ? io_result{io_status::done, count} : io_result{judge(answer), 0};
  }

  io_status shut_down() override {
    if (failure_ != nullptr) return io_status::failed;
    start_step();
    const int answer = SSL_shutdown(ssl_.get());  // 0: sent, the peer's has not come yet
    return answer >= 0 ? io_status::done : judge(answer);
  }

  std::string peer_certificate_name() const override {
    X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return {};
    return common_name_of(certificate);
  }

  channel_end failure() const override { return failure_ != nullptr ? *failure_ : channel_end{}; }

 private:
  /// Called for each certificate of a chain; keeps the first complaint, for judge().
  static int note_verification(int accepted, X509_STORE_CTX* store) {
    if (accepted == 1) return 1;
    const auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const layer = static_cast<tls_layer*>(SSL_get_app_data(ssl));
    X509* const certificate = X509_STORE_CTX_get_current_cert(store);
    const int error = X509_STORE_CTX_get_error(store);
    std::string detail = "certificate of ";
    detail += certificate != nullptr ? subject_of(certificate) : "the peer";
    detail.append(": ").append(X509_verify_cert_error_string(error));
    if (error == X509_V_ERR_HOSTNAME_MISMATCH) {
      detail.append(", expected ")
          .append(X509_VERIFY_PARAM_get0_host(SSL_get0_param(layer->ssl_.get()), 0));
    }
    if (error == X509_V_ERR_IP_ADDRESS_MISMATCH) {
      char* const address = X509_VERIFY_PARAM_get1_ip_asc(SSL_get0_param(layer->ssl_.get()));
      if (address != nullptr) detail.append(", expected ").append(address);
      OPENSSL_free(address);
    }
    layer->fail(end_kind::tls_failed, std::move(detail));
    return 0;
  }

  void start_step() {
    ERR_clear_error();
    errno = 0;
  }

  /// Reading a session ticket makes OpenSSL set up a write buffer of 16 KB that would stay until
  /// the next write. Between records there is nothing in any buffer; inside one they must not be
  /// touched, whatever SSL_free_buffers() says (CVE-2024-4741).
  void give_back_buffers() {
    const bool between_records = std::string_view(SSL_rstate_string(ssl_.get())) == "RH";
    if (between_records && SSL_has_pending(ssl_.get()) == 0) SSL_free_buffers(ssl_.get());
  }

  io_status fail(end_kind kind, std::string detail) {
    // The alert that explains a reset may be read after it was noticed by a write.
    const bool explains =
        failure_ != nullptr && failure_->kind == end_kind::reset && kind == end_kind::tls_failed;
    if (failure_ == nullptr || explains) {
      failure_ = std::make_unique<channel_end>(channel_end{kind, std::move(detail)});
    }
    return io_status::failed;
  }

  /// Turns a step that did not succeed into a status, keeping the first failure.
  io_status judge(int answer) {
    const int error = SSL_get_error(ssl_.get(), answer);
    switch (error) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return io_status::again;
      case SSL_ERROR_ZERO_RETURN:
        return io_status::finished;
      case SSL_ERROR_SYSCALL:
        return fail_by_system();
      default:
        return fail(end_kind::tls_failed, describe_failure());
    }
  }

  io_status fail_by_system() {
    const bool open = SSL_is_init_finished(ssl_.get()) == 1;
    if (io_.error != 0) {
      return fail(end_kind::reset, std::string(std::strerror(io_.error)) +
                                       (open ? "" : " during the TLS handshake"));
    }
    if (open) return fail(end_kind::finished, "the peer ended without a TLS close-notify");
    return fail(end_kind::tls_failed, "the peer closed the connection during the TLS handshake");
  }

  std::string describe_failure() const {
    const unsigned long code = ERR_peek_error();
    if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
      switch (ERR_GET_REASON(code)) {
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_HTTP_REQUEST:
        case SSL_R_PACKET_LENGTH_TOO_LONG:
          return "the peer does not talk TLS (" + describe_openssl_error(code) + ")";
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
          return "the client has sent no certificate";
        default:
          break;
      }
    }
    return describe_openssl_error(code);
  }

  descriptor_io io_;
  openssl_owner<SSL> ssl_;
  std::unique_ptr<channel_end> failure_;
};

}  // namespace

std::unique_ptr<stream_layer> make_tls_client_layer(int descriptor, tls_client_context& context,
                                                    const std::string& host,
                                                    const std::optional<identity_files>& identity) {
  auto layer = std::make_unique<tls_layer>(descriptor, context.ssl.get());
  layer->become_client(context, host);
  if (identity) layer->show(*identity);
  return layer;
}

std::unique_ptr<stream_layer> make_tls_server_layer(int descriptor, tls_server_context& context) {
  auto layer = std::make_unique<tls_layer>(descriptor, context.ssl.get());
  layer->become_server();
  return layer;
}

}  // namespace gauntlet::net
