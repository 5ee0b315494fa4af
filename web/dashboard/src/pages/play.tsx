/**
 * Play: a seat at any environment whose actions are a few to choose from.
 *
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { go, type Route } from "../app/route.ts";
import { changedOptions, type Environment } from "../bridge/catalogue.ts";
import { bridgePort } from "../bridge/client.ts";
import { CARD_TABLE, Game, type Picture, type Player } from "../bridge/game.ts";
import { number, signed } from "../ui/format.ts";
import { Choice, Gain, Nothing, Panel } from "../ui/parts.tsx";
import { cardLines, CardTable } from "./cards.tsx";
import { useEnvironments } from "./environments.tsx";
import { OptionFields } from "./options.tsx";

/** Who can play a seat, the environment's own policies first: they play better than chance. */
function players(policies: readonly string[]): readonly (readonly [Player, string])[] {
    return [...policies.map((policy) => [`policy ${policy}`, policy] as const), ["random", "random policy"], ["first", "first allowed action"], ["me", "me"]];
}

const MOST_BUTTONS = 200;

export function PlayPage({ route }: { route: Route }) {
    const { all, failure, again } = useEnvironments();
    const [port, setPort] = useState<number | undefined | "unknown">("unknown");
    const [portFailure, setPortFailure] = useState("");
    const findPort = () => {
        setPortFailure("");
        bridgePort().then(setPort, (failed: unknown) => setPortFailure(failed instanceof Error ? failed.message : String(failed)));
    };
    useEffect(findPort, []);
    const why = failure || portFailure;
    if (why !== "") {
        const retry = () => {
            again();
            findPort();
        };
        return (
            <Nothing why="failed" action={<button type="button" onClick={retry}>Try again</button>}>
                {why}
            </Nothing>
        );
    }
    if (all === undefined || port === "unknown") {
        return <Nothing why="loading">Loading …</Nothing>;
    }
    if (port === undefined) {
        return (
            <Nothing why="empty">
                This hub runs alone: there is no bridge to play at. <code>hypertoken serve</code> has both.
            </Nothing>
        );
    }
    const playable = all.filter((each) => each.playable);
    const environment = playable.find((each) => each.id === route.rest[0] || each.aliases.includes(route.rest[0] ?? "")) ??
        playable.find((each) => each.id === CARD_TABLE) ?? playable[0];
    return environment === undefined ? (
        <Nothing why="empty">No environment of this server has actions to choose from.</Nothing>
    ) : (
        <Seat key={environment.id} port={port} environment={environment} all={playable} />
    );
}

function Seat({ port, environment, all }: { port: number; environment: Environment; all: readonly Environment[] }) {
    const [given, setGiven] = useState<Readonly<Record<string, string>>>(environment.id === CARD_TABLE ? { agents: "3" } : {});
    const [others, setOthers] = useState<Player>(() => players(environment.policies)[0]?.[0] ?? "random");
    const [seed, setSeed] = useState("");
    const [, setTick] = useState(0);
    const [failure, setFailure] = useState("");
    const [busy, setBusy] = useState(false);
    const game = useRef<Game | undefined>(undefined);
    const gone = useRef(false);
    useEffect(
        () => () => {
            gone.current = true;
            game.current?.close();
        },
        [],
    );
    const changed = () => {
        if (!gone.current) {
            setTick((tick) => tick + 1);
        }
    };
    const seedNumber = /^\d+$/.test(seed) ? Number(seed) : undefined;
    const attempt = async (what: () => Promise<void>) => {
        setBusy(true);
        setFailure("");
        try {
            await what();
        } catch (failed) {
            setFailure(failed instanceof Error ? failed.message : String(failed));
        }
        setBusy(false);
    };
    const sit = () =>
        attempt(async () => {
            game.current?.close();
            game.current = undefined;
            const opened = await Game.open(port, environment.id, changedOptions(environment, given), others, seedNumber, changed);
            if (gone.current) {
                opened.close();
                return;
            }
            game.current = opened;
        });
    const playing = game.current;
    const lines = playing === undefined ? [] : cardLines(playing.drawing);
    const mine = playing?.agents.find((agent) => playing.players.get(agent) === "me") ?? "";
    return (
        <div class={playing === undefined ? "split" : "split playing-now"}>
            <Panel title="Table" class="side-panel">
                <Choice label="Environment" value={environment.id} options={all.map((each) => [each.id, each.id] as const)} choose={(id) => go("play", id)} />
                <OptionFields options={environment.options} given={given} give={(option, value) => setGiven({ ...given, [option]: value })} />
                <Choice label="Other seats" value={others} options={players(environment.policies)} choose={setOthers} />
                <label class="field">
                    <span>seed</span>
                    <input inputMode="numeric" placeholder="any" value={seed} onInput={(change) => setSeed(change.currentTarget.value)} />
                </label>
                <p class="actions">
                    <button type="button" class="primary" disabled={busy} onClick={() => void sit()}>
                        {playing === undefined ? "Sit down" : "New table"}
                    </button>
                    {playing === undefined || playing.phase === "failed" ? null : (
                        <button type="button" disabled={busy} onClick={() => void attempt(() => playing.reset(seedNumber))}>
                            {playing.phase === "over" ? "Next episode" : "Begin anew"}
                        </button>
                    )}
                </p>
                {failure === "" ? null : <Nothing why="failed">{failure}</Nothing>}
                {playing === undefined ? null : <Seats game={playing} />}
            </Panel>
            <Panel title={environment.id} note={playing === undefined ? undefined : `episode ${playing.episode}, seed ${playing.seed}`}>
                {playing === undefined ? (
                    <>
                        <p class="rules-text">{environment.rules}</p>
                        <Nothing why="empty">Sit down to play.</Nothing>
                    </>
                ) : (
                    <>
                        <TurnLine game={playing} />
                        {playing.picture === undefined ? null : <Drawn picture={playing.picture} />}
                        {lines.length > 0 ? (
                            <CardTable lines={lines} mine={mine} />
                        ) : playing.picture === undefined && playing.drawing !== "" ? (
                            <pre class="drawing" tabIndex={0}>
                                {playing.drawing}
                            </pre>
                        ) : null}
                        <Actions key={playing.moves.length} game={playing} busy={busy} />
                        <Seen game={playing} />
                        <Moves game={playing} />
                    </>
                )}
            </Panel>
        </div>
    );
}

function TurnLine({ game }: { game: Game }) {
    switch (game.phase) {
        case "failed":
            return <Nothing why="failed">{game.failure}</Nothing>;
        case "over":
            return (
                <p class="turn over" role="status">
                    Over. {game.agents.map((agent) => `${agent}: ${signed(game.returns.get(agent) ?? 0, number)}`).join(", ")}
                </p>
            );
        case "mine":
            return (
                <p class="turn" role="status">
                    Your turn{game.agents.length > 1 ? ` as ${game.turn}` : ""}.
                </p>
            );
        default:
            return (
                <p class="turn" role="status">
                    {game.turn} thinks …
                </p>
            );
    }
}

function Seats({ game }: { game: Game }) {
    return (
        <ul class="seats">
            {game.agents.map((agent) => (
                <li key={agent}>
                    <Choice label={agent} value={game.players.get(agent) ?? "random"} options={players(game.policies)} choose={(player) => game.seat(agent, player)} />
                    <Gain value={game.returns.get(agent) ?? 0} show={number} />
                </li>
            ))}
        </ul>
    );
}

function Actions({ game, busy }: { game: Game; busy: boolean }) {
    const space = game.space(game.turn);
    const [parts, setParts] = useState<readonly number[]>(() => firstAllowed(space?.nvec ?? [], game.mask));
    if (space === undefined || game.phase === "over" || game.phase === "failed") {
        return null;
    }
    const off = busy || game.phase !== "mine";
    if (space.type === "discrete") {
        return (
            <div class="moves" role="group" aria-label="Actions">
                {Array.from({ length: Math.min(space.n, MOST_BUTTONS) }, (_, k) => (
                    <button
                        key={k}
                        type="button"
                        class="primary"
                        data-action={k}
                        disabled={off || game.mask?.[k] === false}
                        title={game.mask?.[k] === false ? "the mask forbids it now" : undefined}
                        onClick={() => void game.act(space.start + k)}
                    >
                        {game.actionNames[k] ?? space.start + k}
                    </button>
                ))}
            </div>
        );
    }
    let from = 0;
    return (
        <div class="moves" role="group" aria-label="Action">
            {space.nvec.map((size, dimension) => {
                const start = from;
                from += size;
                return (
                    <label key={dimension} class="field short">
                        <span>{`part ${dimension}`}</span>
                        <select value={parts[dimension]} onChange={(change) => setParts(parts.map((part, k) => (k === dimension ? Number(change.currentTarget.value) : part)))}>
                            {Array.from({ length: Math.min(size, MOST_BUTTONS) }, (_, k) => (
                                <option key={k} value={k} disabled={game.mask?.[start + k] === false}>
                                    {k}
                                </option>
                            ))}
                        </select>
                    </label>
                );
            })}
            <button type="button" class="primary" disabled={off} onClick={() => void game.act(parts)}>
                Play
            </button>
        </div>
    );
}

function firstAllowed(sizes: readonly number[], mask: readonly boolean[] | undefined): number[] {
    let from = 0;
    return sizes.map((size) => {
        const first = Array.from({ length: size }, (_, k) => k).find((k) => mask?.[from + k] !== false) ?? 0;
        from += size;
        return first;
    });
}

function Seen({ game }: { game: Game }) {
    const seen = game.observation;
    if (seen === undefined || seen === null) {
        return null;
    }
    return (
        <details class="seen">
            <summary>What {game.turn} observes</summary>
            {Array.isArray(seen) && game.legend.length === seen.length ? (
                <dl class="facts wide">
                    {seen.map((value, k) => (
                        <div key={k}>
                            <dt>{game.legend[k]}</dt>
                            <dd class="num">{typeof value === "number" ? number(value) : String(value)}</dd>
                        </div>
                    ))}
                </dl>
            ) : (
                <pre class="drawing" tabIndex={0}>
                    {JSON.stringify(seen).slice(0, 4000)}
                </pre>
            )}
            {game.mask === undefined ? null : (
                <p class="note">mask {game.mask.map((flag) => (flag ? "1" : "0")).join(" ")}</p>
            )}
        </details>
    );
}

function Moves({ game }: { game: Game }) {
    return game.moves.length === 0 ? null : (
        <details class="seen" open={game.agents.length > 1}>
            <summary>{`${game.moves.length} moves`}</summary>
            <ol class="plain movelist">
                {game.moves.slice(-40).map((move, k) => (
                    <li key={k}>
                        {move.agent} <b>{move.action}</b>
                    </li>
                ))}
            </ol>
        </details>
    );
}

function Drawn({ picture }: { picture: Picture }) {
    const canvas = useRef<HTMLCanvasElement>(null);
    useEffect(() => {
        const context = canvas.current?.getContext("2d");
        if (context === null || context === undefined) {
            return;
        }
        const image = context.createImageData(picture.width, picture.height);
        for (let k = 0, from = 0; from < picture.rgb.length; k += 4, from += 3) {
            image.data[k] = picture.rgb[from] ?? 0;
            image.data[k + 1] = picture.rgb[from + 1] ?? 0;
            image.data[k + 2] = picture.rgb[from + 2] ?? 0;
            image.data[k + 3] = 255;
        }
        context.putImageData(image, 0, 0);
    }, [picture]);
    return <canvas ref={canvas} class="picture" width={picture.width} height={picture.height} role="img" aria-label="The state, as a picture" />;
}
