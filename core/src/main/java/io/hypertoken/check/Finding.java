package io.hypertoken.check;

/// What one check found in one environment.
///
/// @param check what was looked at
/// @param outcome whether it holds
/// @param text what was seen, why it matters and what to do; why the check does not apply; empty when it passed
/// @param command the command line that runs just this check again
public record Finding(Check check, Outcome outcome, String text, String command) {
    @Override
    public String toString() {
        return check + " " + outcome + (text.isEmpty() ? "" : ": " + text + "; again: " + command);
    }
}
