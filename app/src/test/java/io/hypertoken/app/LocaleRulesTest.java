package io.hypertoken.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.Locale;
import java.util.Scanner;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Nothing we ship writes or reads by the machine's own language: its digits, its decimal comma, its capital i.
class LocaleRulesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.hypertoken");

    /// Methods and constructors that go by the default locale where none is handed in.
    private static final Set<String> BY_LOCALE =
            Set.of("format", "formatted", "printf", "toLowerCase", "toUpperCase", "ofPattern", "getInstance", "<init>");

    private static final Set<Class<?>> OWNERS = Set.of(
            String.class,
            PrintStream.class,
            PrintWriter.class,
            Formatter.class,
            Scanner.class,
            NumberFormat.class,
            DecimalFormat.class,
            MessageFormat.class,
            SimpleDateFormat.class,
            DateTimeFormatter.class);

    /// Classes of which a constructor goes by the default locale too.
    private static final Set<Class<?>> MADE_BY_LOCALE =
            Set.of(Formatter.class, Scanner.class, DecimalFormat.class, MessageFormat.class, SimpleDateFormat.class);

    private static final DescribedPredicate<JavaCall<?>> GOES_BY_THE_DEFAULT_LOCALE =
            DescribedPredicate.describe("go by the default locale", LocaleRulesTest::goesByTheDefaultLocale);

    private static boolean goesByTheDefaultLocale(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        boolean takesLocale =
                call.getTarget().getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Locale.class));
        boolean formats = call.getName().equals("<init>")
                ? MADE_BY_LOCALE.stream().anyMatch(owner::isEquivalentTo)
                : BY_LOCALE.contains(call.getName()) && OWNERS.stream().anyMatch(owner::isEquivalentTo);
        return formats && !takesLocale;
    }

    @Test
    void everyFormatAndEveryChangeOfCaseNamesItsLocale() {
        noClasses().should().callCodeUnitWhere(GOES_BY_THE_DEFAULT_LOCALE).check(CLASSES);
    }

    @Test
    void theRuleSeesACallWithoutALocale() {
        JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);

        assertThat(noClasses()
                        .should()
                        .callCodeUnitWhere(GOES_BY_THE_DEFAULT_LOCALE)
                        .evaluate(offender)
                        .getFailureReport()
                        .getDetails())
                .hasSize(3);
    }

    private static final class Offender {
        @SuppressWarnings({"StringCaseLocaleUsage", "unused"})
        static String offend(String word, PrintStream out) {
            out.printf("%d", 1);
            return word.toLowerCase() + "%d".formatted(2) + word.toUpperCase(Locale.ROOT);
        }
    }
}
