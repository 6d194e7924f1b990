#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "base/failure.hpp"
#include "http/tls/openssl_owned.hpp"
#include "http/tls/tls.hpp"

namespace sluice {
namespace {

constexpr const char* kNames =
    "DNS:localhost,DNS:api.cloudcruise.com,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1";
constexpr long kYearSeconds = 365L * 24 * 3600;

void check(bool done) {
  if (!done) throw bad_input("a self-signed certificate cannot be made");
}

void add_extension(X509* certificate, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  check(extension != nullptr);
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  check(added == 1);
}

void fill_in(X509* certificate, EVP_PKEY* key) {
  X509_set_version(certificate, X509_VERSION_3);
  std::int32_t serial = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), (serial & 0x7fffffff) + 1L);
  // An hour early, for clients whose clock is behind.
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kYearSeconds);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("sluice"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  add_extension(certificate, NID_subject_alt_name, kNames);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  check(X509_sign(certificate, key, EVP_sha256()) > 0);
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

TlsIdentity make_self_signed() {
  const OpensslOwned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const OpensslOwned<X509> certificate(X509_new());
  const OpensslOwned<BIO> key_text(BIO_new(BIO_s_mem()));
  const OpensslOwned<BIO> certificate_text(BIO_new(BIO_s_mem()));
  check(key && certificate && key_text && certificate_text);
  fill_in(certificate.get(), key.get());
  check(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  check(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

}  // namespace sluice
