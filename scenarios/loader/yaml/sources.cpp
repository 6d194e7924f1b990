#include "scenarios/loader/yaml/sources.hpp"

#include <algorithm>
#include <fstream>
#include <tuple>
#include <utility>

namespace sluice {
namespace {

constexpr std::size_t kLongestShownLine = 4000;

int characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::uint32_t Sources::add(std::string name, std::string text, std::string folder) {
  Source source{std::move(name), std::move(text), std::move(folder), {0}};
  for (std::size_t at = source.text.find('\n'); at != std::string::npos;
       at = source.text.find('\n', at + 1))
    source.line_starts.push_back(at + 1);
  sources_.push_back(std::move(source));
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

std::string_view Sources::line(std::uint32_t source, int line) const {
  if (source >= sources_.size() || line < 1) return {};
  const Source& found = sources_[source];
  if (static_cast<std::size_t>(line) > found.line_starts.size()) return {};
  const std::size_t start = found.line_starts[static_cast<std::size_t>(line) - 1];
  std::string_view text = std::string_view(found.text).substr(start);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

const Via* Sources::add_via(Via::Kind kind, std::string text) {
  vias_.push_back({kind, std::move(text)});
  return &vias_.back();
}

const Via* Sources::broken() {
  static const Via via{Via::Kind::broken, "unknown"};
  return &via;
}

FileText read_text_file(const std::string& path, std::size_t max_bytes) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {std::nullopt, "cannot be opened"};
  std::string text;
  char block[65536];
  do {
    file.read(block, sizeof block);
    text.append(block, static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_bytes)
      return {std::nullopt, "is larger than " + std::to_string(max_bytes >> 20) + " MiB"};
  } while (file);
  if (!file.eof()) return {std::nullopt, "cannot be read"};
  return {std::move(text), {}};
}

void Problems::add(const Mark& mark, std::string message, bool warning) {
  if (mark.via == Sources::broken()) return;
  if (!warning) ++error_count_;
  std::vector<Located>& found = warning ? warnings_ : errors_;
  if (found.size() >= kMaxDiagnostics) return;
  if (mark.via != nullptr && mark.via->kind == Via::Kind::param)
    message += " (" + mark.via->text + ")";
  const std::string_view line = sources_.line(mark.source, mark.line);
  const auto before = std::min(line.size(), static_cast<std::size_t>(std::max(mark.column - 1, 0)));
  const auto length = static_cast<std::size_t>(std::max(mark.length, 1));
  Diagnostic diagnostic;
  diagnostic.file = sources_[mark.source].name;
  diagnostic.line = mark.line;
  diagnostic.column = mark.column > 0 ? characters(line.substr(0, before)) + 1 : 0;
  diagnostic.length = std::max(1, characters(line.substr(before, length)));
  diagnostic.message = std::move(message);
  if (line.size() <= kLongestShownLine) diagnostic.source_line = std::string(line);
  diagnostic.warning = warning;
  found.push_back({mark.source, std::move(diagnostic)});
}

void Problems::error_inside(const Mark& mark, std::string_view scalar, std::size_t offset,
                            std::string message) {
  // Only if the scalar stands in its line as it is: not folded, escaped or made of params.
  const std::string_view line = sources_.line(mark.source, mark.line);
  const auto start = static_cast<std::size_t>(std::max(mark.column - 1, 0));
  const bool here = start <= line.size();
  const std::size_t at = here ? line.substr(start, scalar.size() + 1).find(scalar) : line.npos;
  if (!here || at == line.npos) {
    error(mark, std::move(message));
    return;
  }
  Mark inside = mark;
  inside.column += static_cast<int>(at + offset);
  inside.length = static_cast<int>(scalar.size() > offset ? scalar.size() - offset : 1);
  error(inside, std::move(message));
}

void Problems::error_in_file(Diagnostic diagnostic) {
  ++error_count_;
  if (errors_.size() < kMaxDiagnostics) errors_.push_back({UINT32_MAX, std::move(diagnostic)});
}

void Problems::warning_in_file(Diagnostic diagnostic) {
  diagnostic.warning = true;
  if (warnings_.size() < kMaxDiagnostics) warnings_.push_back({UINT32_MAX, std::move(diagnostic)});
}

std::vector<Diagnostic> Problems::sorted(std::vector<Located>& found) {
  const auto place = [](const Located& l) {
    return std::tie(l.source, l.diagnostic.file, l.diagnostic.line, l.diagnostic.column,
                    l.diagnostic.message);
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const Located& a, const Located& b) { return place(a) < place(b); });
  found.erase(std::unique(found.begin(), found.end(),
                          [&](const Located& a, const Located& b) { return place(a) == place(b); }),
              found.end());
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(found.size());
  for (Located& located : found) diagnostics.push_back(std::move(located.diagnostic));
  found.clear();
  return diagnostics;
}

}  // namespace sluice
