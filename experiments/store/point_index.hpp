// Where the points of a store lie: read once from its files, which stay where they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.hpp"
#include "experiments/store/open_file.hpp"
#include "experiments/store/point.hpp"
#include "experiments/store/store_identity.hpp"

namespace sluice {

/// A record's line, without its line break.
struct PointPlace {
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t sum = 0;   ///< point_record_sum()
  std::uint32_t file = 0;  ///< in order of reading
};

/// Memory: some 80 bytes a point, and the text of each setting once. No two threads at once, but
/// for line() of places that were found before.
class PointIndex {
 public:
  /// None: that of the first file that has one.
  explicit PointIndex(std::optional<StoreIdentity> identity = std::nullopt);

  /// Reads all records, block by block, and returns the length of the whole ones with the
  /// header: a last line without its end is not counted. 0: nothing but perhaps a torn header.
  /// Throws bad_input where the file is damaged, of another identity, or has other bytes for a
  /// point that is known.
  std::uint64_t read_file(const std::string& name);
  /// A record that was appended to a file that was read. A point that is known stays where it is.
  void add(const PointKey& key, const PointPlace& place);

  std::size_t size() const { return size_; }
  std::size_t settings() const { return places_.size(); }
  const std::optional<StoreIdentity>& identity() const { return identity_; }
  /// Null: there is no such point.
  const PointPlace* find(const PointKey& key) const;
  /// In order of keys.
  void for_each(const std::function<void(const PointKey&, const PointPlace&)>& visit) const;
  /// Reads it again. Throws bad_input.
  std::string line(const PointPlace& place) const;
  /// For who finds another record there than was read: bad_input that names the file.
  UserError changed(const PointPlace& place) const;
  const std::string& file_name(const PointPlace& place) const { return files_[place.file].name; }

 private:
  struct File {
    std::string name;
    OpenFile held;  // empty: is opened for each reading
  };
  void read_header(const std::string& name, std::string_view line);
  void read_record(std::string_view line, std::uint64_t offset, std::uint64_t number);

  std::optional<StoreIdentity> identity_;
  std::string identity_from_;  // the file
  std::vector<File> files_;
  std::map<std::string, std::map<std::uint32_t, PointPlace>, std::less<>> places_;
  std::size_t size_ = 0;
};

}  // namespace sluice
