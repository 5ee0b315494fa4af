package io.hypertoken.guests.wasm;

import java.util.Locale;

/// A function that a module exports, as hypertoken.h names it.
enum Export {
    HT_ABI("() -> i32"),
    HT_DESCRIBE("() -> i32"),
    HT_OPTIONS("() -> i32"),
    HT_OPEN("(i32) -> i32"),
    HT_COLUMNS("() -> i32"),
    HT_RESET("(i32, i64) -> ()"),
    HT_STEP("(i32) -> ()"),
    HT_TEXT("(i32, i32) -> i32"),
    HT_FRAME("(i32) -> i32"),
    /// What some compilers want to be called first, for the constructors of global objects.
    INITIALIZE("() -> ()");

    /// The parameters and what it returns.
    final String type;

    Export(String type) {
        this.type = type;
    }

    String exported() {
        return this == INITIALIZE ? "_initialize" : name().toLowerCase(Locale.ROOT);
    }

    /// Whether every module has it.
    boolean needed() {
        return switch (this) {
            case HT_ABI, HT_DESCRIBE, HT_OPEN, HT_COLUMNS, HT_RESET, HT_STEP -> true;
            case HT_OPTIONS, HT_TEXT, HT_FRAME, INITIALIZE -> false;
        };
    }
}
