/**
 * Environments: what the server has to play, and how to make one in Python.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import { href, type Route } from "../app/route.ts";
import { type Environment, environments, pythonLine } from "../bridge/catalogue.ts";
import { count, UNKNOWN } from "../ui/format.ts";
import { Nothing, Panel } from "../ui/parts.tsx";
import { OptionFields } from "./options.tsx";

export function useEnvironments(): { all: readonly Environment[] | undefined; failure: string; again: () => void } {
    const [all, setAll] = useState<readonly Environment[] | undefined>();
    const [failure, setFailure] = useState("");
    const load = () => {
        setFailure("");
        environments().then(setAll, (failed: unknown) => setFailure(failed instanceof Error ? failed.message : String(failed)));
    };
    useEffect(load, []);
    return { all, failure, again: load };
}

export function EnvironmentsPage({ route }: { route: Route }) {
    const { all, failure, again } = useEnvironments();
    const [search, setSearch] = useState("");
    if (failure !== "") {
        return (
            <Nothing why="failed" action={<button type="button" onClick={again}>Try again</button>}>
                The catalogue could not be loaded: {failure}
            </Nothing>
        );
    }
    if (all === undefined) {
        return <Nothing why="loading">Loading the catalogue …</Nothing>;
    }
    const wanted = search.trim().toLowerCase();
    const found = all.filter((each) => [each.id, ...each.aliases].some((called) => called.toLowerCase().includes(wanted)));
    const shown = all.find((each) => each.id === route.rest[0]) ?? found[0];
    return (
        <div class="split">
            <nav class="list" aria-label="Environments">
                <input type="search" aria-label="Search environments" placeholder="search" value={search} onInput={(change) => setSearch(change.currentTarget.value)} />
                <ul>
                    {found.map((each) => (
                        <li key={each.id}>
                            <a href={href("environments", each.id)} aria-current={each === shown ? "page" : undefined}>
                                <b>{each.id}</b>
                                <span class="note">{`${each.agents.length === 1 ? "1 agent" : `${each.agents.length} agents`}, ${each.action}`}</span>
                            </a>
                        </li>
                    ))}
                </ul>
                {found.length === 0 ? <Nothing why="empty">None is called that.</Nothing> : null}
            </nav>
            {shown === undefined ? null : <Details key={shown.id} environment={shown} />}
        </div>
    );
}

function Details({ environment }: { environment: Environment }) {
    const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
    const facts: readonly (readonly [string, string])[] = [
        ["Version", String(environment.version)],
        ["Also called", environment.aliases.join(", ") || UNKNOWN],
        ["Agents", `${environment.agents.length}${environment.agents.length > 1 ? `, ${environment.turnOrder === "sequential" ? "one at a time" : "all at once"}` : ""}`],
        ["Observation", environment.observation],
        ["Action", environment.action],
        ["Mask", environment.masked ? environment.maskMeaning : "none"],
        ["Episode", Number.isNaN(environment.maxSteps) ? "ends by its rules" : `at most ${count(environment.maxSteps)} steps`],
        ["Drawn as", environment.renderModes.join(", ") || "nothing"],
    ];
    return (
        <Panel
            title={environment.id}
            actions={
                environment.playable ? (
                    <a class="button" href={href("play", environment.id)}>
                        Play
                    </a>
                ) : null
            }
        >
            <p class="rules-text">{environment.rules}</p>
            <dl class="facts wide">
                {facts.map(([title, value]) => (
                    <div key={title}>
                        <dt>{title}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
            </dl>
            {environment.options.length === 0 ? null : (
                <>
                    <h3>Options</h3>
                    <OptionFields options={environment.options} given={given} give={(option, value) => setGiven({ ...given, [option]: value })} />
                    <div class="scroll" tabIndex={0} role="region" aria-label="Options">
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">Option</th>
                                    <th scope="col">Default</th>
                                    <th scope="col">Values</th>
                                    <th scope="col">Meaning</th>
                                </tr>
                            </thead>
                            <tbody>
                                {environment.options.map((option) => (
                                    <tr key={option.name}>
                                        <td>
                                            <code>{option.name}</code>
                                        </td>
                                        <td>
                                            <code>{option.value}</code>
                                        </td>
                                        <td>{option.rule}{option.episode ? ", with a reset" : ""}</td>
                                        <td class="wraps">{option.about}</td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                </>
            )}
            <h3>In Python</h3>
            <Copyable line={pythonLine(environment, given)} />
            {environment.actionNames.length === 0 ? null : (
                <>
                    <h3>Actions</h3>
                    <ol class="plain" start={0}>
                        {environment.actionNames.map((action) => (
                            <li key={action}>{action}</li>
                        ))}
                    </ol>
                </>
            )}
            {environment.legend.length === 0 ? null : (
                <>
                    <h3>Observation</h3>
                    <ol class="plain" start={0}>
                        {environment.legend.map((element, k) => (
                            <li key={k}>{element}</li>
                        ))}
                    </ol>
                </>
            )}
            {environment.history.length === 0 ? null : (
                <>
                    <h3>Versions</h3>
                    <ul class="plain">
                        {environment.history.map((line) => (
                            <li key={line}>{line}</li>
                        ))}
                    </ul>
                </>
            )}
        </Panel>
    );
}

export function Copyable({ line }: { line: string }) {
    const [done, setDone] = useState("");
    useEffect(() => setDone(""), [line]);
    const copy = () => {
        navigator.clipboard.writeText(line).then(
            () => setDone("copied"),
            () => setDone("select it and copy"),
        );
    };
    return (
        <p class="copyable">
            <code tabIndex={0}>{line}</code>
            <button type="button" onClick={copy}>
                Copy
            </button>
            <span class="note" role="status">
                {done}
            </span>
        </p>
    );
}
