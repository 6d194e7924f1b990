#include "reports/csv/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

CsvTable table_named(const Report& report, const std::string& file) {
  for (CsvTable& table : csv_tables(report))
    if (table.file == file) return table;
  ADD_FAILURE() << "no " << file;
  return {};
}

std::string cell(const CsvTable& table, std::size_t row, const std::string& column) {
  const auto at = std::find(table.columns.begin(), table.columns.end(), column);
  if (at == table.columns.end()) return "no column " + column;
  return table.rows.at(row).at(static_cast<std::size_t>(at - table.columns.begin()));
}

/// RFC 4180, by the letter.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
      rows.back().back() += text[i++];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      rows.back().emplace_back();
    else if (c == '\n' && !quoted)
      rows.push_back({""});
    else
      rows.back().back() += c;
  }
  rows.pop_back();
  return rows;
}

class Folder {
 public:
  // Tests of one binary run at the same time, in processes of their own.
  Folder()
      : path_(fs::path(::testing::TempDir()) /
              (std::string("sluice_csv_") + std::to_string(::getpid()))) {
    fs::remove_all(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(CsvField, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_field("acme"), "acme");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field(" x"), "\" x\"");
  EXPECT_EQ(csv_field(""), "");
}

TEST(CsvNumber, ReadsBackAsTheSame) {
  EXPECT_EQ(csv_number(0.1), "0.1");
  EXPECT_EQ(csv_number(7'800), "7800");
  EXPECT_EQ(csv_number(INFINITY), "inf");
  EXPECT_EQ(csv_number(NAN), "");
}

TEST(RenderCsv, UnitsAreInTheNamesOfColumns) {
  const CsvTable levels = table_named(test::monday_report(), "levels.csv");
  EXPECT_EQ(cell(levels, 2, "level"), "LOW");
  EXPECT_EQ(cell(levels, 2, "wait_p95_s"), "7800");
  EXPECT_EQ(cell(levels, 2, "starvation_index_share"), "0.512");
  EXPECT_THAT(cell(levels, 2, "lower_bounds"), ::testing::HasSubstr("wait_p95_s"));
}

TEST(RenderCsv, ColumnsDoNotDependOnTheReport) {
  const auto of_one = csv_tables(test::monday_report());
  const auto of_none = csv_tables(test::empty_report());
  ASSERT_EQ(of_one.size(), of_none.size());
  for (std::size_t i = 0; i < of_one.size(); ++i) {
    EXPECT_EQ(of_one[i].columns, of_none[i].columns) << of_one[i].file;
    EXPECT_EQ(std::set<std::string>(of_one[i].columns.begin(), of_one[i].columns.end()).size(),
              of_one[i].columns.size())
        << of_one[i].file << ": a column twice";
  }
}

TEST(RenderCsv, EveryFigureIsInFigures) {
  const Report report = test::full_report();
  EXPECT_EQ(table_named(report, "figures.csv").rows.size(), report.figures.size());
}

TEST(RenderCsv, TimeLinesAreOneRowPerGroupAndBucket) {
  const CsvTable lines = table_named(test::monday_report(), "time_lines.csv");
  EXPECT_EQ(lines.rows.size(), 90u);
  EXPECT_EQ(cell(lines, 0, "time_s"), "1800");
  EXPECT_EQ(cell(lines, 1, "time_s"), "2100");
  EXPECT_EQ(cell(lines, 45, "eligible_low"), "837");
}

TEST(RenderCsv, AttributionSaysWhoHeldTheRuns) {
  const CsvTable attribution = table_named(test::monday_report(), "attribution.csv");
  const auto row = std::find_if(
      attribution.rows.begin(), attribution.rows.end(),
      [](const auto& fields) { return fields[1] == "LOW" && fields[7] == "workers_high"; });
  ASSERT_NE(row, attribution.rows.end());
  EXPECT_NEAR(std::stod(row->at(9)), 0.71, 0.001);
}

TEST(RenderCsv, ASentenceInAShareOfReplicationsSaysInHowManyItHeld) {
  const CsvTable table = table_named(test::full_report(), "expectations.csv");
  EXPECT_EQ(cell(table, 0, "in_replications"), "0.95");
  EXPECT_EQ(cell(table, 0, "held"), "17");
  EXPECT_EQ(cell(table, 0, "missed"), "1");
  EXPECT_EQ(cell(table, 0, "undecided"), "2");
  EXPECT_EQ(cell(table, 0, "share_low"), "0.6211");
  EXPECT_EQ(cell(table, 1, "in_replications"), "") << "of the mean over them";
}

TEST(WriteCsv, FilesReadBackWhateverTheNames) {
  const Report report = test::hostile_report(5);
  Folder folder;
  write_csv(report, folder.path() / "deep" / "er");
  for (const CsvTable& table : csv_tables(report)) {
    std::ifstream file(folder.path() / "deep" / "er" / table.file, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    auto rows = parse_csv(text.str());
    ASSERT_EQ(rows.size(), table.rows.size() + 1) << table.file;
    EXPECT_EQ(rows[0], table.columns);
    rows.erase(rows.begin());
    EXPECT_EQ(rows, table.rows) << table.file;
  }
}

TEST(WriteCsv, SaysWhichFileCouldNotBeWritten) {
  Folder folder;
  fs::create_directories(folder.path() / "figures.csv");
  try {
    write_csv(test::monday_report(), folder.path());
    FAIL() << "no error";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(),
                ::testing::HasSubstr("cannot write '" + (folder.path() / "figures.csv").string()));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1)
      << "nothing half-written is left";
}

TEST(WriteCsv, SaysWhichFolderCouldNotBeMade) {
  Folder folder;
  fs::create_directories(folder.path());
  std::ofstream(folder.path() / "file") << "x";
  EXPECT_THROW(write_csv(test::monday_report(), folder.path() / "file" / "csv"), std::system_error);
}

}  // namespace
}  // namespace sluice
