using System.Collections;
using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Tests.Composition.Settings;

/// <summary>Configuration files in a folder of their own, read as the server reads them.</summary>
internal sealed class SettingsFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("idp-settings").FullName;
    private readonly SettingsLoader _loader = new();
    private readonly Hashtable _variables = [];
    private int _files;

    public IReadOnlyList<string> Problems => [.. _loader.Problems.Select(problem => problem.ToString())];

    /// <summary>One more file, <c>1.json</c>, <c>2.json</c> and so on.</summary>
    public SettingsFolder File(string json)
    {
        var path = Path.Combine(_path, $"{++_files}.json");
        System.IO.File.WriteAllText(path, json);
        _loader.AddFile(path, required: true);
        return this;
    }

    /// <summary>One more file with the content of section <c>IdentityProvider</c>.</summary>
    public SettingsFolder Section(string json) => File($$"""{ "IdentityProvider": {{json}} }""");

    public SettingsFolder Variable(string name, string value)
    {
        _variables[name] = value;
        return this;
    }

    public SettingsFolder Argument(string name, string value)
    {
        _loader.AddArguments([KeyValuePair.Create(name, value)]);
        return this;
    }

    public SettingsFolder Missing(string name)
    {
        _loader.AddFile(Path.Combine(_path, name), required: true);
        return this;
    }

    public ServerSettings LoadForDevelopment() => Load(isDevelopment: true);

    public ServerSettings Load(bool isDevelopment = false)
    {
        _loader.AddEnvironment(_variables);
        return _loader.Load(isDevelopment, _path);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
