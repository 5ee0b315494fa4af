package io.hypertoken.games.taxi;

import io.hypertoken.games.Ansi;

/// Draws the town in coloured letters: the empty taxi on yellow, with its passenger on green, the waiting passenger's
/// stand in blue, the destination in magenta.
final class TownText {
    private static final int RIDING = 4;
    private static final String[] ACTIONS = {"South", "North", "East", "West", "Pickup", "Dropoff"};

    private TownText() {}

    /// @param lastAction below 0 before the first one
    static String draw(int taxi, int passenger, int destination, int lastAction) {
        var out = new StringBuilder();
        for (int line = 0; line < Town.MAP.length; line++) {
            for (int column = 0; column < Town.MAP[line].length(); column++) {
                String mark = String.valueOf(Town.MAP[line].charAt(column));
                boolean cell = line >= 1 && line <= Town.SIDE && column % 2 == 1;
                int at = (line - 1) * Town.SIDE + column / 2;
                out.append(cell ? mark(mark, at, taxi, passenger, destination) : mark);
            }
            out.append('\n');
        }
        return out.append(lastAction < 0 ? "" : "  (" + ACTIONS[lastAction] + ")")
                .append('\n')
                .toString();
    }

    /// One cell; colours of what is there wrap each other in this order.
    private static String mark(String letter, int cell, int taxi, int passenger, int destination) {
        String mark = letter;
        if (cell == taxi) {
            mark = passenger == RIDING
                    ? Ansi.GREEN.highlight(mark.equals(" ") ? "_" : mark)
                    : Ansi.YELLOW.highlight(mark);
        }
        if (passenger != RIDING && cell == Town.stand(passenger)) {
            mark = Ansi.BLUE.bold(mark);
        }
        return cell == Town.stand(destination) ? Ansi.MAGENTA.write(mark) : mark;
    }
}
