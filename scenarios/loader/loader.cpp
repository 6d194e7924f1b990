#include "scenarios/loader/loader.hpp"

#include <exception>
#include <filesystem>

#include "scenarios/loader/effective.hpp"
#include "scenarios/loader/sections/build_scenario.hpp"
#include "scenarios/loader/sections/document.hpp"
#include "scenarios/loader/yaml/include.hpp"
#include "scenarios/loader/yaml/overrides.hpp"
#include "scenarios/loader/yaml/params.hpp"

namespace sluice {
namespace {

/// Without a name in the file, the scenario has the file's.
void name_scenario(TreeNode& root, const std::string& file, const Via* default_via) {
  if (const TreeNode* name = root.find("scenario"); name != nullptr && !name->is_null()) return;
  std::erase_if(root.entries, [](const Entry& entry) { return entry.key.text == "scenario"; });
  Entry entry;
  entry.key.kind = entry.value.kind = TreeNode::Kind::scalar;
  entry.key.text = "scenario";
  entry.value.text = std::filesystem::path(file).stem().string();
  entry.key.mark = entry.value.mark = root.mark;
  entry.value.mark.via = default_via;
  root.entries.insert(root.entries.begin(), std::move(entry));
}

class Loader {
 public:
  Loader(std::string_view text, const std::string& name, const LoaderOptions& options)
      : options_(options),
        sources_(std::make_shared<Sources>()),
        problems_(*sources_),
        folder_(std::filesystem::path(name).parent_path().string()),
        name_(name),
        main_(sources_->add(name, std::string(text), folder_)) {}

  LoadedScenario run() {
    LoadedScenario result;
    try {
      load(result);
    } catch (const std::exception& e) {
      problems_.error({main_, 0, 0, 1, nullptr}, std::string("cannot be loaded: ") + e.what());
      result.scenario.reset();
    }
    result.errors = problems_.take_errors();
    result.warnings = problems_.take_warnings();
    return result;
  }

 private:
  void load(LoadedScenario& result) {
    std::optional<TreeNode> root =
        load_with_includes(main_, options_.file_access, *sources_, budget_, problems_);
    if (!root) return;
    apply_overrides(*root, options_.sets, *sources_, budget_, problems_);
    result.params = substitute_params(*root, options_.params, *sources_, budget_, problems_);
    name_scenario(*root, name_, sources_->default_via());

    Reader reader{*sources_, budget_, problems_, options_.file_access, folder_};
    Document document;
    read_document(reader, *root, document);
    document.scenario.file = name_;
    result.scenario = build_scenario(reader, std::move(document));
    result.effective = std::make_shared<const EffectiveTree>(sources_, std::move(*root));
    if (result.scenario)
      result.scenario->hash = hex(result.effective->hash() ^ reader.contents_hash);
  }

  const LoaderOptions& options_;
  std::shared_ptr<Sources> sources_;
  Problems problems_;
  TreeBudget budget_;
  std::string folder_, name_;
  std::uint32_t main_;
};

}  // namespace

LoadedScenario load_scenario(const std::string& path, const LoaderOptions& options) {
  FileText file = read_text_file(path, kMaxFileBytes);
  if (file.text) return Loader(*file.text, path, options).run();
  LoadedScenario result;
  Diagnostic diagnostic;
  diagnostic.file = path;
  diagnostic.message = "the scenario " + file.problem;
  result.errors.push_back(std::move(diagnostic));
  return result;
}

LoadedScenario load_scenario_text(std::string_view text, const std::string& name,
                                  const LoaderOptions& options) {
  return Loader(text, name, options).run();
}

std::string effective_scenario(const LoadedScenario& result) {
  return result.effective ? result.effective->text() : std::string();
}

}  // namespace sluice
