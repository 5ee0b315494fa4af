package io.hypertoken.env;

/// A policy that can tell how sure it was of what it chose last.
public interface Explained extends Policy {
    /// The probabilities from which its last choice was made, in the order of the mask's flags: those of the first
    /// dimension's values, then the next one's. Empty where actions are continuous, and before the first choice.
    float[] probabilities();

    /// The return that it foresaw from there.
    double foreseen();
}
