#include "http/parsing/event_stream_parser.hpp"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t line_end(std::string_view text) {
  const std::size_t feed = text.find('\n');
  return std::min(feed, text.substr(0, feed).find('\r'));
}

}  // namespace

void EventStreamParser::reset() {
  is_at_start_ = true;
  skips_line_feed_ = false;
  line_.clear();
  event_.clear();
  data_.clear();
}

bool EventStreamParser::take(std::string_view bytes, const OnEvent& on_event) {
  while (!bytes.empty()) {
    if (skips_line_feed_ && bytes.front() == '\n') bytes.remove_prefix(1);
    skips_line_feed_ = false;
    const std::size_t size = line_end(bytes);
    if (std::min(size, bytes.size()) > max_event_ - line_.size()) return false;
    if (size == std::string_view::npos) {
      line_.append(bytes);
      return true;
    }
    std::string_view line = bytes.substr(0, size);
    if (!line_.empty()) line = line_.append(line);
    if (!take_line(line, on_event)) return false;
    line_.clear();
    skips_line_feed_ = bytes[size] == '\r';
    bytes.remove_prefix(size + 1);
  }
  return true;
}

bool EventStreamParser::take_line(std::string_view line, const OnEvent& on_event) {
  if (is_at_start_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  is_at_start_ = false;
  if (line.empty()) return end_event(on_event), true;
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon, line.size()));
  if (!value.empty()) value.remove_prefix(1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") event_ = value;
  if (field != "data") return true;
  if (value.size() + 1 > max_event_ - data_.size()) return false;
  data_.append(value).push_back('\n');
  return true;
}

void EventStreamParser::end_event(const OnEvent& on_event) {
  if (!data_.empty()) {
    const std::string_view data = std::string_view(data_).substr(0, data_.size() - 1);
    on_event(event_.empty() ? "message" : std::string_view(event_), data);
  }
  event_.clear();
  data_.clear();
}

}  // namespace sluice
