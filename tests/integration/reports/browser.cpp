#include "tests/integration/reports/browser.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/record/atomic_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::reports {
namespace {

std::string content_of(const std::string& file) {
  const auto content = record::read_file(file);
  return content ? *content : "";
}

}  // namespace

std::string dom_after_loading(const std::string& html, const std::string& fragment) {
  const test::temporary_directory folder;
  const auto page = folder.write("report.html", html);
  const auto dom = folder.file("dom.html");
  const auto log = folder.file("log.txt");
  // Network switched off as far as it goes: a report must not need it, nor the test.
  const auto command =
      "timeout 50 chromium --headless --no-sandbox --disable-gpu --disable-quic "
      "--no-first-run --disable-background-networking --disable-component-update "
      "--disable-sync --user-data-dir=" +
      folder.file("profile") + " --window-size=1280,900 --dump-dom 'file://" + page + fragment +
      "' >" + dom + " 2>" + log;
  const auto status = std::system(command.c_str());
  EXPECT_EQ(status, 0) << command << '\n' << content_of(log);
  return content_of(dom);
}

std::string with_script(std::string html, const std::string& script) {
  const auto end = html.rfind("</body>");
  EXPECT_NE(end, std::string::npos);
  return html.insert(end, "<script>\n" + script + "\n</script>\n");
}

}  // namespace gauntlet::reports
