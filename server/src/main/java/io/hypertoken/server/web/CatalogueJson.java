package io.hypertoken.server.web;

import io.hypertoken.describe.Description;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Option;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.json.NumberJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A catalogue as JSON: of each environment all that it declares, with its default options. Made once, when it is first
/// asked for. Safe for any thread.
final class CatalogueJson {
    private final Catalogue catalogue;
    private byte @Nullable [] bytes;

    CatalogueJson(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    synchronized byte[] bytes() {
        byte[] made = bytes;
        if (made == null) {
            made = NumberJson.bytes(Map.of(
                    "environments",
                    catalogue.specs().stream().map(CatalogueJson::of).toList()));
            bytes = made;
        }
        return made;
    }

    private static Map<String, @Nullable Object> of(Spec spec) {
        Options plain = spec.options(Map.of());
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("id", spec.id());
        fields.put("aliases", spec.aliases());
        fields.putAll(Description.properties(spec, plain, spec.signature(plain), spec.stepLimit()));
        fields.put("options", spec.options().stream().map(CatalogueJson::of).toList());
        fields.put("history", spec.history());
        return fields;
    }

    private static Map<String, @Nullable Object> of(Option option) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("name", option.name());
        fields.put("rule", option.type().rule());
        fields.put("kind", kind(option.type()));
        if (option.type() instanceof OptionType.Choice(List<String> words)) {
            fields.put("words", words);
        }
        fields.put("default", option.defaultValue());
        fields.put("episode", option.episode());
        fields.put("about", option.about());
        return fields;
    }

    private static String kind(OptionType type) {
        return switch (type) {
            case OptionType.Integers range -> "integer";
            case OptionType.Numbers range -> "number";
            case OptionType.Flag flag -> "flag";
            case OptionType.Choice choice -> "choice";
            case OptionType.Text text -> "text";
        };
    }
}
