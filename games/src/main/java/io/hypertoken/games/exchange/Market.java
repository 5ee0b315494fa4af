package io.hypertoken.games.exchange;

import io.hypertoken.random.Generator;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Where an episode's bars come from, one window after another; whoever reads it sees nothing of what is to come.
interface Market {
    /// Unix seconds, in the year 2106: no window begins later.
    long LAST_TIME = 1L << 32;

    /// Units in one window, at most.
    long MOST_VOLUME = 1L << 40;

    /// Windows of every episode that pass before the first decision.
    int WARM_UP = 36;

    /// Begins an episode: chooses its items and its time.
    void begin(Generator random);

    /// How many items this market shows; the same in every episode.
    int items();

    /// The id of an item of this episode.
    int id(int item);

    /// What is known of an item of this episode.
    Item item(int item);

    /// Lets the next window pass.
    void next(Generator random);

    /// Whether there is a next window.
    boolean hasNext();

    /// The window that has passed last.
    Bars window();

    /// The hour that has passed last; its start is 0 until one has. It may have passed in the last window or earlier.
    Bars hour();

    /// The day that has passed last, where days are told apart from the windows they are made of; otherwise its start
    /// stays 0.
    Bars day();

    /// Writes all that decides what comes next.
    void save(DataOutput out) throws IOException;

    /// Reads what [#save] wrote.
    void load(DataInput in) throws IOException;
}
