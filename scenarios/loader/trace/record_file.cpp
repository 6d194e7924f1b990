#include "scenarios/loader/trace/record_file.hpp"

#include <zlib.h>

#include <charconv>
#include <cmath>
#include <filesystem>
#include <utility>

#include "base/text/units.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/yaml/include.hpp"

namespace sluice {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

struct RecordFile::Stream {
  gzFile file = nullptr;
};

RecordFile::RecordFile(const std::string& path) : stream_(std::make_unique<Stream>()) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    problem_ = "is a folder";
    return;
  }
  stream_->file = gzopen(path.c_str(), "rb");
  if (stream_->file == nullptr)
    problem_ = "cannot be opened";
  else
    gzbuffer(stream_->file, 1 << 17);
}

RecordFile::~RecordFile() {
  if (stream_->file != nullptr) gzclose(stream_->file);
}

bool RecordFile::fill() {
  if (!problem_.empty() || stream_->file == nullptr) return false;
  constexpr std::size_t kBlock = 1 << 16;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kBlock);
  const int got = gzread(stream_->file, buffer_.data() + kept, kBlock);
  buffer_.resize(kept + static_cast<std::size_t>(std::max(got, 0)));
  total_ += static_cast<std::size_t>(std::max(got, 0));
  int code = Z_OK;
  gzerror(stream_->file, &code);
  if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END))
    problem_ = "is damaged or cut off";
  else if (total_ > kMaxRecordBytes)
    problem_ = "is larger than " + std::to_string(kMaxRecordBytes >> 20) + " MiB";
  return got > 0 && problem_.empty();
}

bool RecordFile::next(std::string_view& line) {
  std::size_t end = buffer_.find('\n', begin_);
  while (end == std::string::npos) {
    const std::size_t seen = buffer_.size() - begin_;
    if (!fill()) break;
    end = buffer_.find('\n', begin_ + seen);
  }
  if (!problem_.empty() || (end == std::string::npos && begin_ == buffer_.size())) return false;
  line = std::string_view(buffer_).substr(
      begin_, (end == std::string::npos ? buffer_.size() : end) - begin_);
  begin_ = end == std::string::npos ? buffer_.size() : end + 1;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (++line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  for (const char c : line) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  hash_ = (hash_ ^ '\n') * 0x100000001B3;
  return true;
}

bool FieldSplitter::split(std::string_view line) {
  fields_.clear();
  if (separator_ == ' ') return split_spaced(line), true;
  if (line.find('"') != line.npos) return split_quoted(line);
  std::size_t begin = 0;
  for (std::size_t end = line.find(separator_); end != line.npos;
       end = line.find(separator_, begin)) {
    fields_.push_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  fields_.push_back(trimmed(line.substr(begin)));
  return true;
}

bool FieldSplitter::split_quoted(std::string_view line) {
  unquoted_.clear();
  unquoted_.reserve(line.size());  // fields point into it
  bool quoted = false;
  std::size_t start = 0;
  const auto end_field = [&] {
    fields_.push_back(trimmed(std::string_view(unquoted_).substr(start)));
    start = unquoted_.size();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      unquoted_ += line[++i];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == separator_ && !quoted)
      end_field();
    else
      unquoted_ += line[i];
  }
  end_field();
  return !quoted;
}

void FieldSplitter::split_spaced(std::string_view line) {
  std::size_t begin = line.find_first_not_of(" \t");
  while (begin != line.npos) {
    const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
    fields_.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(" \t", end);
  }
}

std::optional<double> to_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || stop != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

Type<Name> file_type() {
  Type<Name> type = located_text_type();
  type.read = [read = type.read](Reader& reader, TreeNode& node, Name& value) {
    if (!read(reader, node, value)) return false;
    if (!reader.file_access) return reader.error(node.mark, "files cannot be read here");
    value.text = beside(reader.sources[node.mark.source].folder, node.text);
    const std::filesystem::path from_main =
        std::filesystem::path(value.text).lexically_relative(reader.main_folder);
    if (!from_main.empty()) node.text = from_main.string();
    return true;
  };
  return type;
}

bool read_values(Reader& reader, const Name& name, bool with_units, std::vector<double>& values) {
  constexpr std::size_t kMaxValues = 1'000'000;
  RecordFile file(name.text);
  FieldSplitter splitter(',');
  const auto value_of = [&](std::string_view text) -> std::optional<double> {
    const std::optional<double> number = to_number(text);
    if (number || !with_units) return number;
    const Parsed<Duration> duration = parse_duration(text);
    return duration ? std::optional(duration->seconds()) : std::nullopt;
  };
  for (std::string_view line; values.size() < kMaxValues && file.next(line);) {
    splitter.split(line.substr(0, line.find('#')));
    const std::string_view first = splitter.fields()[0];
    if (first.empty()) continue;
    const std::optional<double> value = value_of(first);
    if (!value || *value < 0) {
      reader.problems.error_in_file(
          {name.text, file.line_number(), 1, static_cast<int>(first.size()),
           "expected a number, at least 0, and this is `" + std::string(first.substr(0, 60)) + "`",
           std::string(line.substr(0, 200)), false});
      return false;
    }
    values.push_back(*value);
  }
  if (!file.problem().empty())
    return reader.error(name.mark, "`" + name.text + "` " + file.problem());
  if (values.empty()) return reader.error(name.mark, "`" + name.text + "` holds no values");
  if (values.size() == kMaxValues)
    return reader.error(name.mark, "`" + name.text + "` holds a million values or more");
  reader.contents_hash = (reader.contents_hash ^ file.hash()) * 0x100000001B3;
  return true;
}

}  // namespace sluice
