#include "harness/net/tls_openssl.hpp"

#include <cstring>
#include <string_view>

#include <openssl/err.h>

namespace gauntlet::net {

std::string subject_of(X509* certificate) {
  const openssl_owner<BIO> text(BIO_new(BIO_s_mem()));
  const X509_NAME* name = X509_get_subject_name(certificate);
  if (text == nullptr || name == nullptr || X509_NAME_entry_count(name) == 0) {
    return "a certificate without a subject";
  }
  X509_NAME_print_ex(text.get(), name, 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string common_name_of(X509* certificate) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, index) >= 0) return {};
  unsigned char* data = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&data, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(data);
  if (text.find('\0') != std::string::npos) text.clear();
  return text;
}

std::string describe_openssl_error(unsigned long code) {
  if (code == 0) return "unknown error";
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const int reason = ERR_GET_REASON(code);
  const char* words = ERR_reason_error_string(code);
  const bool is_alert = ERR_GET_LIB(code) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET &&
                        reason < SSL_AD_REASON_OFFSET + 256;
  if (is_alert) {
    std::string_view name = SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
    // The alerts that TLS 1.3 has added are only named in the reason: "tlsv13 alert ...".
    if (name == "unknown" && words != nullptr) {
      constexpr std::string_view before_name = " alert ";
      name = words;
      const std::size_t place = name.find(before_name);
      if (place != std::string_view::npos) name.remove_prefix(place + before_name.size());
    }
    return "peer's alert: " + std::string(name);
  }
  return words != nullptr ? words : "error " + std::to_string(code);
}

}  // namespace gauntlet::net
