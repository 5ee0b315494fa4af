package io.hypertoken;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds the known names that a mistyped one most likely meant.
public final class DidYouMean {
    private static final int SUGGESTIONS = 3;
    /// The comparison takes the product of two lengths, and no name is nearly as long.
    private static final int LONGEST_WORD = 64;

    private DidYouMean() {}

    /// What to tell whoever typed `word`: the nearest names if any is near, otherwise all of them.
    public static String hint(String word, Collection<String> known) {
        List<String> near = nearest(word, known);
        return near.isEmpty()
                ? "known: " + String.join(", ", known)
                : "did you mean " + String.join(" or ", near) + "?";
    }

    /// At most three known names within a third of the word's length in edits (at least two), nearest first; a name
    /// that begins with the word is near too. Nothing is near a word of more than 64 characters.
    public static List<String> nearest(String word, Collection<String> known) {
        if (word.length() > LONGEST_WORD) {
            return List.of();
        }
        String typed = word.toLowerCase(Locale.ROOT);
        int reach = Math.max(2, typed.length() / 3);
        record Candidate(String name, int edits) {}
        return known.stream()
                .map(name -> new Candidate(name, distance(typed, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.edits <= reach)
                .sorted(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
                .limit(SUGGESTIONS)
                .map(Candidate::name)
                .toList();
    }

    /// Levenshtein's distance; 1 where one is the beginning of the other and has at least three letters.
    private static int distance(String a, String b) {
        if (a.length() >= 3 && b.startsWith(a)) {
            return 1;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitute, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
