// Makes the game steppable: an action holds a key for a tenth of a second, and the pixels are what is seen.
{
    const { clock, hostGame } = hypertoken;
    const KEYS = [undefined, "ArrowLeft", "ArrowRight"];
    const STEP_MILLIS = 100;

    function press(type, key) {
        if (key !== undefined) dispatchEvent(new KeyboardEvent(type, { key }));
    }

    globalThis.hosted = hostGame({
        name: "catch",
        about: "Catch falling apples; three missed ones end the game.",
        frame: { width: 16, height: 16, as: "observation" },
        actionSpace: { type: "discrete", n: KEYS.length },
        actionNames: ["stay", "left", "right"],
        maxEpisodeSteps: 200,
        masked: false,

        async reset({ seed }) {
            clock.rewind(seed);
            start();
            await clock.advance(STEP_MILLIS);
        },

        async step(action) {
            const before = score - missed;
            press("keydown", KEYS[action]);
            await clock.advance(STEP_MILLIS);
            press("keyup", KEYS[action]);
            return { reward: score - missed - before, terminated: over };
        },

        render: () => canvas,
    });
}
