#include "http/parsing/chunked_decoder.hpp"

#include <algorithm>
#include <charconv>

namespace sluice {
namespace {

constexpr std::size_t kMaxLine = 4096;
constexpr std::size_t kMaxTrailer = 8192;

}  // namespace

void ChunkedDecoder::reset() {
  body_.clear();
  step_ = Step::size_line;
  failed_ = State::incomplete;
  chunk_left_ = trailer_bytes_ = 0;
}

bool ChunkedDecoder::take_line(std::string_view input, std::size_t& used, std::string_view& line) {
  const std::size_t end = input.find('\n', used);
  const std::size_t length = std::min(end, input.size()) - used;
  if (length > kMaxLine) return fail(State::malformed), false;
  if (end == std::string_view::npos) return false;
  if (length == 0 || input[end - 1] != '\r') return fail(State::malformed), false;
  line = input.substr(used, length - 1);
  used = end + 1;
  return true;
}

ChunkedDecoder::State ChunkedDecoder::take_size_line(std::string_view line) {
  const std::string_view digits = line.substr(0, std::min(line.find_first_of("; \t"), line.size()));
  const char* const end = digits.data() + digits.size();
  std::size_t size = 0;
  const auto [stop, error] = std::from_chars(digits.data(), end, size, 16);
  if (error == std::errc::result_out_of_range) return fail(State::too_long);
  if (error != std::errc() || stop != end) return fail(State::malformed);
  if (size > max_body_ - body_.size()) return fail(State::too_long);
  chunk_left_ = size;
  step_ = size == 0 ? Step::trailer : Step::data;
  return State::incomplete;
}

ChunkedDecoder::State ChunkedDecoder::take_data(std::string_view input, std::size_t& used) {
  const std::size_t size = std::min(chunk_left_, input.size() - used);
  body_.append(input, used, size);
  used += size;
  chunk_left_ -= size;
  if (chunk_left_ == 0) step_ = Step::data_end;
  return State::incomplete;
}

ChunkedDecoder::State ChunkedDecoder::take(std::string_view input, std::size_t& used) {
  used = 0;
  while (failed_ == State::incomplete) {
    if (step_ == Step::data) {
      take_data(input, used);
      if (step_ == Step::data) return State::incomplete;
      continue;
    }
    std::string_view line;
    if (!take_line(input, used, line)) return failed_;
    if (step_ == Step::size_line) {
      take_size_line(line);
    } else if (step_ == Step::data_end) {
      if (!line.empty()) return fail(State::malformed);
      step_ = Step::size_line;
    } else if (line.empty()) {
      return State::complete;
    } else if ((trailer_bytes_ += line.size()) > kMaxTrailer) {
      return fail(State::malformed);
    }
  }
  return failed_;
}

}  // namespace sluice
