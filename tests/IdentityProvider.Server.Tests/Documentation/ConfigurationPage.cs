using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>Writes <c>docs/configuration.md</c> out of the schema and the comments of the options classes.</summary>
internal static class ConfigurationPage
{
    private const string Introduction =
        """
        # Configuration

        *Made from the options classes by a test; do not edit. After a change:
        `IDP_UPDATE_DOCS=1 dotnet test tests/IdentityProvider.Server.Tests --filter ConfigurationPage`.*

        Everything of ours stands under `IdentityProvider`; `Kestrel`, `Logging`, `Serilog` and `AllowedHosts` are ASP.NET Core's and Serilog's
        own and work as in every application. Sources, later ones win:

        1. `appsettings.json`, then `appsettings.{Environment}.json`, both beside the program
        2. each `--config FILE`, in the order given
        3. environment variables: `IdentityProvider__Tokens__access_token_lifetime=300`
        4. the command line: `--IdentityProvider:Tokens:access_token_lifetime=300`; not for secrets, which everybody on the machine could read there

        Objects merge member by member. `Upstream` and the lists under `Declared` merge **by identifier** (`id`, `client_id`, `name`, `identifier`,
        `user_name`), never by position; every other list is replaced as a whole; `null` restores the default. Environment variables reach such an
        object by its identifier, once a file declares it: `IdentityProvider__Declared__Clients__web-app__client_secret`,
        `IdentityProvider__Upstream__google__client_secret`. A list in a variable is written as JSON.

        Times are whole seconds. A member that is not listed here, or that contradicts another one, stops the start: all problems are listed at
        once, with path, file and the nearest known name. `IdentityProvider.Server check` does the same without starting.

        Outside Development the server also refuses to start when the issuer is not https, when there is no master key, and when the
        development accounts or the samples' secrets are declared or stored.

        """;

    private static readonly XmlComments Comments = new();

    public static string Write()
    {
        var page = new StringBuilder(Introduction);
        WriteSection(page, "IdentityProvider", string.Empty, SettingsSchema.Root, new RootOptions());
        foreach (var section in SettingsSchema.Sections)
        {
            var node = SettingsSchema.Root.Members[section.Name];
            WriteSection(page, "IdentityProvider:" + section.Name, Comments.Of(section.Type), node, Activator.CreateInstance(section.Type)!);
        }

        var upstream = SettingsSchema.Upstream;
        WriteSection(page, "IdentityProvider:Upstream[]", Comments.Of(upstream.Type), upstream, Activator.CreateInstance(upstream.Type)!);
        foreach (var list in SettingsSchema.Declared)
        {
            WriteSection(page, $"IdentityProvider:Declared:{list.Name}[]", Comments.Of(list.Type), list, Activator.CreateInstance(list.Type)!);
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void WriteSection(StringBuilder page, string title, string summary, SettingsNode section, object defaults)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        if (summary.Length > 0)
        {
            page.Append(summary).Append("\n\n");
        }

        page.Append("| member | type | default | meaning |\n| --- | --- | --- | --- |\n");
        WriteMembers(page, string.Empty, section, defaults);
    }

    /// <summary>Members of an object in the section stand below it, with its name in front.</summary>
    private static void WriteMembers(StringBuilder page, string prefix, SettingsNode section, object defaults)
    {
        foreach (var member in section.Members.Values.Where(member => member.Property is not null))
        {
            var value = member.Property!.GetValue(defaults);
            page.Append(CultureInfo.InvariantCulture, $"| `{prefix}{member.Name}` | {TypeOf(member)} | {(member.IsValue ? DefaultOf(value) : "–")} | ")
                .Append(Comments.Of(member.Property).Replace("|", "\\|", StringComparison.Ordinal))
                .Append(" |\n");
            if (!member.IsValue)
            {
                WriteMembers(page, $"{prefix}{member.Name}:", member, value!);
            }
        }
    }

    private static string TypeOf(SettingsNode member)
    {
        var type = Nullable.GetUnderlyingType(member.Type) ?? member.Type;
        return type switch
        {
            _ when type == typeof(string) => "string",
            _ when type == typeof(bool) => "true, false",
            _ when type == typeof(TimeSpan) => "seconds",
            _ when type == typeof(DateTimeOffset) => "date and time",
            _ when type.IsEnum => string.Join(", ", SettingsBinder.ChoicesOf(type).Select(name => $"`{name}`")),
            _ when type == typeof(int) || type == typeof(long) => "number",
            _ when !member.IsValue || typeof(JsonNode).IsAssignableFrom(type) => "object",
            _ when type.IsAssignableFrom(typeof(List<string>)) => "list of strings",
            _ => "list of objects",
        };
    }

    private static string DefaultOf(object? value) => value switch
    {
        null or "" => "–",
        bool flag => flag ? "`true`" : "`false`",
        TimeSpan time => $"`{(long)time.TotalSeconds}`",
        Enum choice => $"`{SettingsBinder.ChoicesOf(choice.GetType())[Array.IndexOf(Enum.GetValues(choice.GetType()), choice)]}`",
        string text => $"`{text}`",
        IEnumerable<string> list => $"`{JsonSerializer.Serialize(list)}`",
        System.Collections.IEnumerable => "`[]`",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };
}
