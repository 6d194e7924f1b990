#include "scenarios/loader/keys/text_types.hpp"

#include <algorithm>

#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

Json json_of_scalar(const TreeNode& node) {
  if (node.quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  const Json number = Json::parse(node.text, nullptr, false);
  return number.is_number() ? number : Json(node.text);
}

Json json_of(const TreeNode& node) {
  if (node.is_null()) return nullptr;
  if (node.is_scalar()) return json_of_scalar(node);
  if (node.is_list()) {
    Json list = Json::array();
    for (const TreeNode& item : node.items) list.push_back(json_of(item));
    return list;
  }
  Json map = Json::object();
  for (const Entry& entry : node.entries) map[entry.key.text] = json_of(entry.value);
  return map;
}

}  // namespace

Type<std::string> token_type(const char* what) {
  auto read = [what](Reader& reader, TreeNode& node, std::string& text) {
    if (!node.is_scalar() || node.text.empty() ||
        !std::all_of(node.text.begin(), node.text.end(),
                     [](char c) { return c > ' ' && c <= '~'; }))
      return reader.wrong(node, what);
    text = node.text;
    return true;
  };
  return {std::move(read), [what](Schema&) { return scalar_schema(what, {}, "^[!-~]+$"); }};
}

Type<std::string> json_object_type(const char* what) {
  return {[what](Reader& reader, TreeNode& node, std::string& text) {
            if (!node.is_map()) return reader.wrong(node, what);
            text = json_of(node).dump();
            return true;
          },
          [what](Schema&) {
            return Json{{"type", "object"}, {"description", what}};
          }};
}

}  // namespace sluice
