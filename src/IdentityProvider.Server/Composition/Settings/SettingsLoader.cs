using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Mail;
using IdentityProvider.Server.Sms;
using IdentityProvider.Storage;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>
/// Reads the configuration: <c>appsettings.json</c>, <c>appsettings.{Environment}.json</c>, each <c>--config</c> file, environment
/// variables, command line; later ones win. Every problem of every source is reported, not only the first.
/// </summary>
internal sealed class SettingsLoader
{
    private const string EnvironmentPrefix = SettingsSchema.RootName + "__";
    private const string ArgumentPrefix = SettingsSchema.RootName + ":";

    private static readonly JsonDocumentOptions JsonOptions = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 32,
    };

    private readonly List<SettingsProblem> _problems = [];
    private readonly SettingsMerger _merger;
    private readonly SettingsOverlay _overlay;

    public SettingsLoader()
    {
        _merger = new SettingsMerger(_problems);
        _overlay = new SettingsOverlay(_merger, _problems);
    }

    public IReadOnlyList<SettingsProblem> Problems => _problems;

    /// <param name="path">Of the file.</param>
    /// <param name="required">Whether its absence is a problem.</param>
    public void AddFile(string path, bool required)
    {
        var source = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            if (required)
            {
                _problems.Add(new SettingsProblem(SettingsSchema.RootName, path, "the file does not exist."));
            }

            return;
        }

        try
        {
            AddDocument(JsonNode.Parse(File.ReadAllText(path), documentOptions: JsonOptions), source);
        }
        catch (JsonException exception)
        {
            // The message names the line where there is one, and the member that stands there twice.
            _problems.Add(new SettingsProblem("$", source, "is not JSON, or says a thing twice: " + exception.Message));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new SettingsProblem(SettingsSchema.RootName, path, "cannot be read: " + exception.Message));
        }
    }

    public void AddEnvironment(IDictionary variables)
    {
        var ours = variables.Keys.Cast<string>()
            .Where(name => name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);
        foreach (var name in ours)
        {
            var path = name[EnvironmentPrefix.Length..].Split("__");
            _overlay.Set(SettingsSchema.Root, path, (string?)variables[name] ?? string.Empty, SettingsSchema.RootName, $"environment variable {name}");
        }
    }

    /// <param name="arguments">Pairs of the command line; those of other sections are left to the host.</param>
    public void AddArguments(IEnumerable<KeyValuePair<string, string>> arguments)
    {
        foreach (var (name, value) in arguments)
        {
            if (name.StartsWith(ArgumentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                var path = name[ArgumentPrefix.Length..].Split(':');
                _overlay.Set(SettingsSchema.Root, path, value, SettingsSchema.RootName, SettingsOverlay.CommandLine);
            }
            else if (SecretSettings.IsOfHost(name))
            {
                _problems.Add(new SettingsProblem(name, SettingsOverlay.CommandLine, SecretSettings.OnCommandLine));
            }
        }
    }

    /// <summary>Binds and validates what was added. Ask <see cref="Problems"/> before the settings are used.</summary>
    public ServerSettings Load(bool isDevelopment, string programFolder)
    {
        var binder = new SettingsBinder(_problems);
        var root = new RootOptions();
        binder.Fill(root, SettingsSchema.Root, _merger.Root, SettingsSchema.RootName);
        var dataFolder = DataFolders.Locate(root.DataFolder, isDevelopment, programFolder);
        var options = new Dictionary<Type, object> { [typeof(RootOptions)] = root };
        foreach (var section in SettingsSchema.Sections)
        {
            var written = _merger.Root.Members.GetValueOrDefault(section.Name);
            var bound = binder.Bind(SettingsSchema.Root.Members[section.Name], written, $"{SettingsSchema.RootName}:{section.Name}");
            SettingsDefaults.Apply(bound, isDevelopment, dataFolder);
            options.Add(section.Type, bound);
            _problems.AddRange(section.Validate(bound).Select(Located));
        }

        var (mail, outbound) = ((MailOptions)options[typeof(MailOptions)], (OutboundOptions)options[typeof(OutboundOptions)]);
        var longest = mail.Timeout > outbound.Timeout ? mail.Timeout : outbound.Timeout;
        var mayHaveManyNodes = ((StorageOptions)options[typeof(StorageOptions)]).Provider == StorageProvider.PostgreSql;
        _problems.AddRange(((DeliveryOptions)options[typeof(DeliveryOptions)]).Validate(longest, mayHaveManyNodes).Select(Located));
        options.Add(typeof(UpstreamOptions), UpstreamOptionsOf(binder, outbound, dataFolder));
        var issuer = root.Issuer ?? (isDevelopment ? new ProtocolOptions().Issuer : string.Empty);
        _problems.AddRange(IssuerRules.Validate(issuer, isDevelopment).Select(problem => Located(["Issuer"], problem)));
        options.Add(typeof(ProtocolOptions), ProtocolOptionsOf(issuer, options));
        if (!isDevelopment)
        {
            var methods = MethodRules.Validate(
                (SignInOptions)options[typeof(SignInOptions)], mail, (SmsOptions)options[typeof(SmsOptions)]);
            _problems.AddRange(methods.Select(Located));
        }

        var declared = new DeclaredObjects(
            BindDeclared<DeclaredClient>(binder, "Clients"),
            BindDeclared<DeclaredScope>(binder, "Scopes"),
            BindDeclared<DeclaredResource>(binder, "Resources"),
            BindDeclared<DeclaredAccount>(binder, "Accounts"));
        var algorithms = ((KeyOptions)options[typeof(KeyOptions)]).Algorithms;
        var wrong = DeclaredRules.Validate(declared, [.. algorithms], isDevelopment).Concat(isDevelopment ? [] : DevelopmentSecrets.Validate(declared));
        _problems.AddRange(wrong.Select(problem => Located(problem.Path, problem.Text)));
        return new ServerSettings(options, declared, isDevelopment, dataFolder);
    }

    /// <summary>The engine's options hold its sections; each property of a section's type gets that section.</summary>
    private static ProtocolOptions ProtocolOptionsOf(string issuer, Dictionary<Type, object> sections)
    {
        var options = new ProtocolOptions { Issuer = issuer };
        foreach (var property in typeof(ProtocolOptions).GetProperties().Where(property => sections.ContainsKey(property.PropertyType)))
        {
            property.SetValue(options, sections[property.PropertyType]);
        }

        return options;
    }

    private UpstreamOptions UpstreamOptionsOf(SettingsBinder binder, OutboundOptions outbound, string dataFolder)
    {
        var providers = BindList<UpstreamProvider>(
            binder, SettingsSchema.Upstream, _merger.Root.Members.GetValueOrDefault(SettingsSchema.Upstream.Name), SettingsSchema.RootName);
        foreach (var provider in providers)
        {
            SettingsDefaults.Apply(provider, isDevelopment: false, dataFolder);
        }

        var options = new UpstreamOptions(providers);
        _problems.AddRange(options.Validate(outbound.AllowPrivateAddresses).Select(Located));
        return options;
    }

    private List<T> BindDeclared<T>(SettingsBinder binder, string name)
    {
        var schema = SettingsSchema.Root.Members["Declared"].Members[name];
        var written = _merger.Root.Members.GetValueOrDefault("Declared")?.Members.GetValueOrDefault(name);
        return BindList<T>(binder, schema, written, SettingsSchema.RootName + ":Declared");
    }

    private static List<T> BindList<T>(SettingsBinder binder, SettingsNode schema, SettingsValue? written, string path) =>
        written is null ? [] : [.. written.Members.Select(item => (T)binder.Bind(schema, item.Value, $"{path}:{schema.Name}:{item.Key}"))];

    private void AddDocument(JsonNode? document, string source)
    {
        if (document is not JsonObject members)
        {
            _problems.Add(new SettingsProblem("$", source, "must be an object."));
            return;
        }

        foreach (var (name, value) in members)
        {
            if (string.Equals(name, SettingsSchema.RootName, StringComparison.Ordinal))
            {
                _merger.Add(SettingsSchema.Root, value, SettingsSchema.RootName, source);
            }
            else if (!SettingsSchema.HostMembers.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                string[] known = [SettingsSchema.RootName, .. SettingsSchema.HostMembers];
                _problems.Add(new SettingsProblem(name, source, SettingsMerger.Unknown(name, known)));
            }
        }
    }

    /// <summary>A line of a <c>Validate</c>, which begins with a path below the root and a space or a colon.</summary>
    private SettingsProblem Located(string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return Located(line[..end].TrimEnd(':').Split(':'), line[(end + 1)..]);
    }

    /// <summary>A problem with the source that wrote at its path, or above it; nobody wrote what is missing at the top.</summary>
    private SettingsProblem Located(IReadOnlyList<string> path, string text)
    {
        var place = _merger.Root.Nearest(path);
        var source = ReferenceEquals(place, _merger.Root) ? null : place.Source;
        return new SettingsProblem($"{SettingsSchema.RootName}:{string.Join(':', path)}", source, text);
    }
}
