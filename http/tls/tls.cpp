#include "http/tls/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <climits>

#include "base/failure.hpp"
#include "http/tls/openssl_owned.hpp"

namespace sluice {
namespace {

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown TLS error" : reason;
}

[[noreturn]] void fail(const std::string& what) { throw bad_input(what + ": " + last_error()); }

OpensslOwned<BIO> reader(const std::string& text) {
  return OpensslOwned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::shared_ptr<SSL_CTX> make_context(const SSL_METHOD* method) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), SSL_CTX_free);
  if (context == nullptr) fail("TLS cannot be used");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

void use_certificates(SSL_CTX* context, const std::string& pem) {
  const OpensslOwned<BIO> bio = reader(pem);
  const OpensslOwned<X509> own(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1)
    fail("the certificate cannot be used");
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      fail("the certificate's chain cannot be used");
    }
  ERR_clear_error();
}

bool is_address(const std::string& host) {
  const std::unique_ptr<ASN1_OCTET_STRING, void (*)(ASN1_OCTET_STRING*)> address(
      a2i_IPADDRESS(host.c_str()), ASN1_OCTET_STRING_free);
  ERR_clear_error();
  return address != nullptr;
}

void expect_host(SSL* ssl, const std::string& host) {
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    return;
  }
  SSL_set_tlsext_host_name(ssl, host.c_str());
  SSL_set1_host(ssl, host.c_str());
}

int clamp_size(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

TlsContext TlsContext::server(const TlsIdentity& identity) {
  std::shared_ptr<SSL_CTX> context = make_context(TLS_server_method());
  use_certificates(context.get(), identity.certificate);
  const OpensslOwned<BIO> bio = reader(identity.private_key);
  const OpensslOwned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1)
    fail("the private key cannot be used with the certificate");
  return TlsContext(std::move(context));
}

TlsContext TlsContext::client(const std::string& ca_file, bool verify) {
  std::shared_ptr<SSL_CTX> context = make_context(TLS_client_method());
  SSL_CTX_set_verify(context.get(), verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const int loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                     : SSL_CTX_load_verify_file(context.get(), ca_file.c_str());
  if (loaded != 1 && verify) fail("the trusted certificates cannot be read");
  return TlsContext(std::move(context));
}

TlsSession::TlsSession(const TlsContext& context, std::string_view host)
    : ssl_(SSL_new(context.context_.get()), SSL_free) {
  if (ssl_ == nullptr) fail("a TLS session cannot be made");
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  if (host.empty()) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
    expect_host(ssl_.get(), std::string(host));
  }
}

TlsSession::~TlsSession() = default;

void TlsSession::begin(std::string& wire) {
  SSL_do_handshake(ssl_.get());
  ERR_clear_error();
  collect(wire);
}

TlsSession::State TlsSession::receive(std::string_view bytes, std::string& plain,
                                      std::string& wire) {
  BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), clamp_size(bytes.size()));
  std::array<char, 16384> block;
  State state = State::open;
  while (true) {
    const int size = SSL_read(ssl_.get(), block.data(), static_cast<int>(block.size()));
    if (size > 0) {
      plain.append(block.data(), static_cast<std::size_t>(size));
      continue;
    }
    const int reason = SSL_get_error(ssl_.get(), size);
    if (reason == SSL_ERROR_ZERO_RETURN) state = State::closed;
    if (reason == SSL_ERROR_SSL || reason == SSL_ERROR_SYSCALL) {
      error_ = last_error();
      const long doubt = SSL_get_verify_result(ssl_.get());
      if (doubt != X509_V_OK) error_ += std::string(": ") + X509_verify_cert_error_string(doubt);
      state = State::failed;
    }
    break;
  }
  ERR_clear_error();
  if (state == State::open) send_kept(wire);
  collect(wire);
  return state;
}

void TlsSession::send(std::string_view plain, std::string& wire) {
  kept_.append(plain);
  send_kept(wire);
  collect(wire);
}

void TlsSession::send_kept(std::string& wire) {
  if (kept_.empty() || SSL_is_init_finished(ssl_.get()) == 0) return;
  collect(wire);
  // A memory buffer takes everything.
  const int size = SSL_write(ssl_.get(), kept_.data(), clamp_size(kept_.size()));
  if (size <= 0) error_ = last_error();
  kept_.clear();
}

void TlsSession::end(std::string& wire) {
  if (SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  collect(wire);
}

bool TlsSession::is_ready() const { return SSL_is_init_finished(ssl_.get()) != 0; }

void TlsSession::collect(std::string& wire) {
  BIO* const bio = SSL_get_wbio(ssl_.get());
  const std::size_t pending = BIO_ctrl_pending(bio);
  if (pending == 0) return;
  const std::size_t old_size = wire.size();
  wire.resize(old_size + pending);
  const int size = BIO_read(bio, wire.data() + old_size, clamp_size(pending));
  wire.resize(old_size + static_cast<std::size_t>(std::max(size, 0)));
}

}  // namespace sluice
