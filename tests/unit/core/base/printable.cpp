#include "core/base/printable.hpp"

#include <gtest/gtest.h>

namespace ranvier {
namespace {

TEST(Printable, KeepsTextAndTakesCommandsFromTerminals) {
  EXPECT_EQ(printable("a\tb\n\u00b5S \u20ac \U0001F9E0"), "a\tb\n\u00b5S \u20ac \U0001F9E0");
  EXPECT_EQ(printable("\x1b[2J\r\x7f"), "\\x1b[2J\\x0d\\x7f");
  EXPECT_EQ(printable("\u009b2J"), "\\xc2\\x9b2J");  // the same command in one character
  EXPECT_EQ(printable(std::string_view("\0x", 2)), "\\x00x");
  // Cut off, overlong, a surrogate, beyond Unicode.
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

}  // namespace
}  // namespace ranvier
