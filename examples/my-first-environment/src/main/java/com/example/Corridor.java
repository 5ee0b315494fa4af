package com.example;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Walk a corridor to its far end; every step costs 1.
///
/// Copy this class, rename it, and put the new name into the service file. What is marked Required every environment
/// has; what is marked Recommended makes it easier to use, watch or resume, and may be left out.
public final class Corridor implements Environment, Snapshot, Renders {

    // Required: everything that others need to know, said once. Command line, URLs, Python and docs read it from here.
    public static final Spec SPEC = Spec.of("corridor", 1) // raise the version when a trajectory changes meaning
            // Recommended: the rules in a few sentences.
            .rules("Walk right to the far end of the corridor, which ends the episode. Every step costs 1.")
            // Recommended: options that users may set, each with its range, default and a sentence.
            .option("length", integers(2, 64), 8, "cells in the corridor")
            // Required: what an agent sees, and what it can do.
            .observes(o -> discrete(o.integer("length")))
            .acts("left", "right")
            // Recommended: a time limit. The engine counts the steps and truncates the episode.
            .stepLimit(64)
            .creates(Corridor::new);

    private final int goal;
    private int cell;

    // Required: shapes are fixed here, from the options; nothing is drawn at random yet.
    Corridor(Options o) {
        goal = o.integer("length") - 1;
    }

    // Required: begin an episode. All chance comes from s.random(), which is numpy's default_rng(seed).
    @Override
    public void reset(Step s) {
        cell = s.random().integers(goal);
    }

    // Required: play the chosen action, give the reward, say whether the rules end the episode.
    @Override
    public void step(Step s) {
        cell = Math.clamp(cell + 2L * s.action() - 1, 0, goal);
        s.reward(-1).terminateIf(cell == goal);
    }

    // Required: write what the agent sees, over zeros, and which actions are allowed, over "all". Changes nothing.
    @Override
    public void observe(int agent, View v) {
        v.set(cell).allow(0, cell > 0);
    }

    // Recommended: draw the state, for people.
    @Override
    public String text(int agent) {
        return "[" + ".".repeat(cell) + "W" + ".".repeat(goal - cell) + "]\n";
    }

    // Recommended: save all state that decides what comes next, and read it back, so that episodes can be resumed. The
    // bytes may come from anyone: refuse what the rules could not be in before you take it over.
    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(cell);
    }

    @Override
    public void load(DataInput in) throws IOException {
        int read = in.readInt();
        Snapshot.require(read >= 0 && read <= goal, "the walker is at " + read + ", outside the corridor");
        cell = read;
    }
}
