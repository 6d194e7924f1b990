#include "http/server/reply_writer.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "http/reason_phrase.hpp"

namespace sluice {
namespace {

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  if (value.find_first_of("\r\n") == std::string_view::npos) {
    out.append(value);
  } else {
    std::ranges::copy_if(value, std::back_inserter(out),
                         [](char c) { return c != '\r' && c != '\n'; });
  }
  out.append("\r\n");
}

void append_status_line(std::string& out, unsigned status) {
  if (status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
  } else if (status == 201) {
    out.append("HTTP/1.1 201 Created\r\n");
  } else {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("HTTP/1.1 {} {}\r\n"), status,
                   reason_phrase(status));
  }
}

void append_head(std::string& out, const HttpReply& reply, const ReplyFraming& framing) {
  append_status_line(out, reply.status);
  if (!framing.date.empty()) append_header(out, "Date", framing.date);
  if (!reply.content_type.empty()) append_header(out, "Content-Type", reply.content_type);
  for (const auto& [name, value] : reply.headers) append_header(out, name, value);
  out.append(framing.lines);
}

}  // namespace

void append_reply(std::string& out, const HttpReply& reply, const ReplyFraming& framing) {
  append_head(out, reply, framing);
  if (reply.status != 204 && reply.status != 304)
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("Content-Length: {}\r\n"),
                   reply.body.size());
  if (!framing.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (framing.minor_version == 0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (!framing.head_only) out.append(reply.body);
}

void append_stream_head(std::string& out, const HttpReply& reply, const ReplyFraming& framing) {
  append_status_line(out, reply.status);
  if (!framing.date.empty()) append_header(out, "Date", framing.date);
  append_header(out, "Content-Type", "text/event-stream");
  append_header(out, "Cache-Control", "no-cache");
  append_header(out, "X-Accel-Buffering", "no");  // nginx would hold events back for good
  for (const auto& [name, value] : reply.headers) append_header(out, name, value);
  out.append(framing.lines);
  if (framing.minor_version != 0) out.append("Transfer-Encoding: chunked\r\n");
  out.append("Connection: close\r\n\r\n");
}

void append_chunk(std::string& out, std::string_view data) {
  if (data.empty()) return;
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{:x}\r\n"), data.size());
  out.append(data).append("\r\n");
}

}  // namespace sluice
