import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Holds files against veraPDF's own profile of PDF/A-2b. One line a file, TAB between: path, then each rule broken. */
public class VeraCheck {
    private static final PDFAFlavour FLAVOUR = PDFAFlavour.PDFA_2_B;
    private static final String PROFILE = "/org/verapdf/pdfa/validation/PDFA-2B.xml";

    public static void main(String[] paths) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile = profile();
        System.err.println("rules " + profile.getRules().size());
        for (String path : paths) {
            System.out.println(path + broken(path, profile));
        }
    }

    private static String broken(String path, ValidationProfile profile) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path), FLAVOUR)) {
            ValidationResult result = Foundries.defaultInstance().createValidator(profile, false).validate(parser);
            StringBuilder said = new StringBuilder();
            for (TestAssertion one : result.getTestAssertions()) {
                said.append('\t').append(one.getRuleId().getClause()).append('-').append(one.getRuleId().getTestNumber())
                    .append(": ").append(String.valueOf(one.getMessage()).replaceAll("\\s+", " "));
            }
            return said.length() == 0 && !result.isCompliant() ? "\tnot compliant" : said.toString();
        } catch (Exception error) {
            return "\tnot readable: " + error.getClass().getSimpleName();
        }
    }

    /** The profile inside veraPDF's jar, read without JAXB, which the jar at hand lacks. */
    private static ValidationProfile profile() throws Exception {
        Document document;
        try (InputStream source = VeraCheck.class.getResourceAsStream(PROFILE)) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(source);
        }
        SortedSet<Rule> rules = new TreeSet<>(
            Comparator.comparing((Rule rule) -> rule.getRuleId().getClause())
                .thenComparing(rule -> rule.getRuleId().getTestNumber()));
        for (Element rule : elements(document.getElementsByTagName("rule"))) {
            rules.add(rule(rule));
        }
        Set<Variable> variables = new HashSet<>();
        for (Element one : elements(document.getElementsByTagName("variable"))) {
            variables.add(Profiles.variableFromValues(
                one.getAttribute("name"), one.getAttribute("object"), text(one, "defaultValue"), text(one, "value")));
        }
        return Profiles.profileFromValues(
            FLAVOUR, Profiles.profileDetailsFromValues("PDF/A-2b", "", "", new Date(0)), "", rules, variables);
    }

    private static Rule rule(Element rule) {
        Element id = elements(rule.getElementsByTagName("id")).get(0);
        Element error = elements(rule.getElementsByTagName("error")).get(0);
        List<ErrorArgument> arguments = new ArrayList<>();
        for (Element one : elements(error.getElementsByTagName("argument"))) {
            arguments.add(ErrorArgumentImpl.fromValues(one.getTextContent(), null, null));
        }
        return Profiles.ruleFromValues(
            Profiles.ruleIdFromValues(
                FLAVOUR.getPart(), id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber"))),
            rule.getAttribute("object"),
            rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null,
            rule.getAttribute("tags"),
            text(rule, "description"),
            text(rule, "test"),
            Profiles.errorFromValues(text(error, "message"), arguments),
            List.of());
    }

    private static String text(Element of, String name) {
        NodeList found = of.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    private static List<Element> elements(NodeList nodes) {
        List<Element> found = new ArrayList<>();
        for (int at = 0; at < nodes.getLength(); at++) {
            found.add((Element) nodes.item(at));
        }
        return found;
    }
}
