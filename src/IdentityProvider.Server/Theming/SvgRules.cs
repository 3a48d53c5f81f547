using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace IdentityProvider.Server.Theming;

/// <summary>
/// Which SVG we serve under our own origin. Pages show it as a picture, where no script of it runs, and its answer has a content policy that
/// allows nothing; this is for the browser that knows neither.
/// </summary>
internal static partial class SvgRules
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "foreignObject", "a", "iframe", "audio", "video", "image", "feImage", "set", "animate", "animateMotion", "animateTransform", "handler", "listener",
    };

    /// <summary>Whether the bytes are SVG without scripts, links, foreign content, entities and addresses of anything outside of it.</summary>
    public static bool IsHarmless(ReadOnlySpan<byte> body)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray());
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var document = XDocument.Load(reader);
            return document.Root?.Name == Svg + "svg"
                && !document.Nodes().OfType<XProcessingInstruction>().Any()
                && document.Descendants().All(IsHarmless);
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsHarmless(XElement element) =>
        !Refused.Contains(element.Name.LocalName)
        && (element.Name.Namespace == Svg || !element.Name.NamespaceName.Contains("xhtml", StringComparison.OrdinalIgnoreCase))
        && (!string.Equals(element.Name.LocalName, "style", StringComparison.OrdinalIgnoreCase) || !LeadsOut(element.Value))
        && element.Attributes().All(IsHarmless);

    private static bool IsHarmless(XAttribute attribute)
    {
        var name = attribute.Name.LocalName;
        return !name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
            && (!string.Equals(name, "href", StringComparison.OrdinalIgnoreCase) || attribute.Value.StartsWith('#'))
            && (attribute.IsNamespaceDeclaration || !LeadsOut(attribute.Value));
    }

    /// <summary>Style that loads something: escapes are refused with it, for they could spell it.</summary>
    private static bool LeadsOut(string style) => Outside().IsMatch(style);

    [GeneratedRegex(@"url\s*(?>\(\s*[""']?\s*)(?!#)|@import|javascript:|\\", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Outside();
}
