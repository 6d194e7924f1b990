#include "mock_api/artifacts/artifact_urls.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <vector>

#include "http/query_string.hpp"
#include "mock_api/contract/webhook_signature.hpp"

namespace sluice {
namespace {

constexpr std::string_view kLetters = "sfvpl";  // by ArtifactKind
constexpr std::size_t kSignatureDigits = 32;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

std::vector<std::string_view> parts_of(std::string_view token) {
  std::vector<std::string_view> parts;
  while (parts.size() < 8) {
    const std::size_t end = token.find('-');
    parts.push_back(token.substr(0, end));
    if (end == std::string_view::npos) break;
    token.remove_prefix(end + 1);
  }
  return parts;
}

template <std::integral T>
bool read(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// kind, run, step, attempt, of an error or not, when it expires, signature.
std::string fields_of(const ArtifactName& name, std::int64_t expires) {
  std::string text(1, kLetters[static_cast<std::size_t>(name.kind)]);
  for (const std::uint64_t number :
       {name.run, std::uint64_t{name.step}, std::uint64_t{name.attempt},
        std::uint64_t{name.of_error}, static_cast<std::uint64_t>(expires)})
    text += '-' + std::to_string(number);
  return text;
}

struct Token {
  ArtifactName name;
  std::int64_t expires = 0;
  std::string_view signature;
};

std::optional<Token> read_token(std::string_view text) {
  const auto parts = parts_of(text);
  if (parts.size() != 7 || parts[0].size() != 1) return std::nullopt;
  const std::size_t kind = kLetters.find(parts[0][0]);
  Token token;
  unsigned of_error = 0;
  const bool is_read = kind != std::string_view::npos && read(parts[1], token.name.run) &&
                       read(parts[2], token.name.step) && read(parts[3], token.name.attempt) &&
                       read(parts[4], of_error) && read(parts[5], token.expires);
  if (!is_read || of_error > 1 || token.expires < 0) return std::nullopt;
  token.name.kind = static_cast<ArtifactKind>(kind);
  token.name.of_error = of_error == 1;
  token.signature = parts[6];
  return token;
}

}  // namespace

SignedUrl ArtifactUrls::url(Time now, const ArtifactName& name, std::string_view file_name,
                            Duration lifetime) const {
  const std::int64_t expires = epoch_.unix_seconds(now + lifetime);
  const std::string fields = fields_of(name, expires);
  return {base_ + "/files/" + fields + '-' + signature(fields, file_name) + '/' +
              percent_encode(file_name),
          iso8601_micros(expires * kNanosecondsPerSecond)};
}

AskedArtifact ArtifactUrls::asked(Time now, std::string_view token,
                                  std::string_view file_name) const {
  using Refusal = AskedArtifact::Refusal;
  const std::optional<Token> read = read_token(token);
  if (!read) return {Refusal::malformed, {}, {}};
  const std::string wanted = signature(fields_of(read->name, read->expires), file_name);
  if (read->signature != wanted) return {Refusal::bad_signature, {}, {}};
  const bool is_late = epoch_.unix_seconds(now) > read->expires;
  return {is_late ? Refusal::expired : Refusal::none, read->name, std::string(file_name)};
}

std::string ArtifactUrls::signature(std::string_view fields, std::string_view file_name) const {
  std::string signed_text(fields);
  signed_text += '/';
  signed_text += file_name;
  return hmac_sha256_hex(std::to_string(key_), signed_text).substr(0, kSignatureDigits);
}

}  // namespace sluice
