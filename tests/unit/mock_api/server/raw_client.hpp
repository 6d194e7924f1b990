// A TCP or unix connection that says exactly what a test wants, and waits for bounded times only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::test {

class RawClient {
 public:
  /// "127.0.0.1:PORT", "http://127.0.0.1:PORT" or "unix:PATH".
  explicit RawClient(const std::string& address);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  /// False when the peer has closed.
  bool send(std::string_view bytes);
  /// One request without body.
  bool get(const std::string& path, const std::string& headers = "");
  bool post(const std::string& path, std::string_view body, const std::string& headers = "");

  /// Reads until `what` has come, in what was not taken yet; takes all up to its end. "" if it does
  /// not come in time.
  std::string until(std::string_view what, std::chrono::milliseconds time = kPatience);
  /// One response whose body has a length; takes it.
  std::string response(std::chrono::milliseconds time = kPatience);
  /// Everything up to the end of the connection; "…<reset>" after a reset, "…<open>" if it does not
  /// end in time.
  std::string rest(std::chrono::milliseconds time = kPatience);
  /// What has come and was not taken, without waiting longer than `time`.
  std::string whatever_comes(std::chrono::milliseconds time);

  void end_sending();
  void reset();
  void close();

  static constexpr std::chrono::milliseconds kPatience{10'000};

 private:
  enum class Got : std::uint8_t { bytes, nothing, end, reset };
  Got read(std::chrono::steady_clock::time_point until);

  int descriptor_ = -1;
  std::string buffer_;
};

/// The number after "HTTP/1.1 "; 0 if there is none.
unsigned status_of(std::string_view response);
std::string body_of(std::string_view response);

}  // namespace sluice::test
