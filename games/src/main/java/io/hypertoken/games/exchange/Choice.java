package io.hypertoken.games.exchange;

import io.hypertoken.env.Options;
import io.hypertoken.env.Seat;
import io.hypertoken.env.Spec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that an agent might do, and how likely it was to.
///
/// @param action hold, buy, sell, cancel or collect
/// @param itemId of what; null where no item is meant
/// @param probability from 0 to 1
public record Choice(String action, @Nullable Integer itemId, double probability) {
    private static final List<String> WORDS = List.of("hold", "buy", "sell", "cancel", "collect");

    /// What a policy might do, the likeliest first, at any price and in any quantity.
    ///
    /* An act that cannot be done with the place that was drawn is done with the first place that it can be done with
    (see Clerk); its probability counts there. */
    ///
    /// @param seat of an agent that is to act in [GrandExchange#SPEC]
    /// @param options of the environment
    /// @param probabilities as [io.hypertoken.env.Explained] has them
    public static List<Choice> of(Seat seat, Options options, float[] probabilities) {
        var layout = new Layout(options);
        var byMeaning = new LinkedHashMap<List<Object>, Double>();
        Moves moves = layout.moves;
        if (moves == null) {
            for (int what = 0; what < Layout.WHATS; what++) {
                for (int place = 0; place < layout.places(); place++) {
                    double probability = (double) probabilities[what] * probabilities[Layout.WHATS + place];
                    count(byMeaning, seat, layout, what, place, probability);
                }
            }
        } else {
            for (int move = 0; move < moves.count(); move++) {
                count(byMeaning, seat, layout, moves.what(move), moves.place(move), probabilities[move]);
            }
        }
        var choices = new ArrayList<Choice>();
        byMeaning.forEach((meaning, probability) -> {
            int id = (Integer) meaning.getLast();
            choices.add(new Choice(WORDS.get((Integer) meaning.getFirst()), id == 0 ? null : id, probability));
        });
        choices.sort(Comparator.comparingDouble(Choice::probability).reversed());
        return List.copyOf(choices);
    }

    private static void count(
            Map<List<Object>, Double> byMeaning, Seat seat, Layout layout, int what, int place, double probability) {
        int done = done(seat, layout, what, place);
        int id = done < 0 ? 0 : id(seat, layout, what, done);
        byMeaning.merge(List.of(done < 0 ? Layout.HOLD : what, id), probability, Double::sum);
    }

    /// The place with which an act is done; -1 if it cannot be done.
    private static int done(Seat seat, Layout layout, int what, int place) {
        if (!isOfAPlace(what)) {
            return what == Layout.HOLD || layout.mayCollect(seat) ? 0 : -1;
        }
        if (can(seat, layout, what, place)) {
            return place;
        }
        for (int other = 0; other < layout.places(); other++) {
            if (can(seat, layout, what, other)) {
                return other;
            }
        }
        return -1;
    }

    private static boolean isOfAPlace(int what) {
        return what != Layout.HOLD && what != Layout.COLLECT;
    }

    private static boolean can(Seat seat, Layout layout, int what, int place) {
        if (what == Layout.CANCEL) {
            return place < layout.slots
                    && seat.seen(layout.slot(place) + Layout.SLOT_BUYS)
                                    + seat.seen(layout.slot(place) + Layout.SLOT_SELLS)
                            > 0;
        }
        int flag = what == Layout.BUY ? Layout.CAN_BUY : Layout.CAN_SELL;
        return place < layout.rows && seat.seen(layout.row(place) + flag) > 0;
    }

    private static int id(Seat seat, Layout layout, int what, int place) {
        if (!isOfAPlace(what)) {
            return 0;
        }
        int at = what == Layout.CANCEL ? layout.slot(place) + Layout.SLOT_ID : layout.row(place) + Layout.ID;
        return (int) Math.rint(seat.seen(at) * Layout.IDS);
    }

    /// The facts of an event: `action_type`, `probability` and, where there is one, `item` and `item_id`.
    public Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("action_type", action);
        Integer id = itemId;
        if (id != null) {
            facts.put("item", ItemTable.of(id).name());
            facts.put("item_id", id);
        }
        facts.put("probability", probability);
        return facts;
    }

    /// In words, such as `buy Coal 62 %`.
    @Override
    public String toString() {
        Integer id = itemId;
        return String.format(
                Locale.ROOT,
                "%s%s %.0f %%",
                action,
                id == null ? "" : " " + ItemTable.of(id).name(),
                100 * probability);
    }

    /// Whether choices of this environment can be told.
    public static boolean areOf(Spec spec) {
        return spec.id().equals(GrandExchange.SPEC.id());
    }
}
