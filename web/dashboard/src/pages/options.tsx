/**
 * An environment's options as a form.
 *
 * @module
 */
import type { Option } from "../bridge/catalogue.ts";

export function OptionFields(props: {
    options: readonly Option[];
    given: Readonly<Record<string, string>>;
    give: (name: string, value: string) => void;
}) {
    return (
        <div class="options">
            {props.options
                .filter((option) => !option.episode)
                .map((option) => {
                    const value = props.given[option.name] ?? option.value;
                    const words = option.kind === "flag" ? ["false", "true"] : option.words;
                    return (
                        <label key={option.name} class="field" title={`${option.about} (${option.rule})`}>
                            <span>{option.name}</span>
                            {words.length > 0 ? (
                                <select value={value} onChange={(change) => props.give(option.name, change.currentTarget.value)}>
                                    {words.map((word) => (
                                        <option key={word} value={word}>
                                            {word}
                                        </option>
                                    ))}
                                </select>
                            ) : (
                                <input value={value} onInput={(change) => props.give(option.name, change.currentTarget.value)} />
                            )}
                        </label>
                    );
                })}
        </div>
    );
}
