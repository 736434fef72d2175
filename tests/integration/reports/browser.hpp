#pragma once

// Debian's chromium, without a screen: opens a page, runs its scripts and hands back what became of
// it.

#include <string>

namespace gauntlet::reports {

/// The document as it stands after loading `html` from a file, with `fragment` ("#tests") behind
/// its address, and running its scripts, as HTML. Empty, with a failure of the running test, if
/// there is no browser or it does not answer in 50 s.
std::string dom_after_loading(const std::string& html, const std::string& fragment = "");

/// `html` with a script at its end: what a user does on the page.
std::string with_script(std::string html, const std::string& script);

}  // namespace gauntlet::reports
