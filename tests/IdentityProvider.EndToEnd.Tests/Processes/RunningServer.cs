using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.EndToEnd.Tests.Processes;

/// <summary>
/// The built server in Development, with the clients of appsettings.Development.json, on a free port and with an empty
/// data folder that goes when the test is over.
/// </summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const string ConfigFile = "test.json";

    private readonly string _folder;
    private readonly Dictionary<string, string> _environment;
    private ChildProcess _process;

    private RunningServer(ChildProcess process, string folder, string issuer, Dictionary<string, string> environment)
    {
        _process = process;
        _folder = folder;
        _environment = environment;
        Issuer = issuer;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(issuer) };
    }

    public string Issuer { get; }

    public HttpClient Http { get; }

    public string Output => _process.Output;

    /// <param name="settings">
    /// Settings that differ, by their path under <c>IdentityProvider</c>: <c>Tokens:status_list_ttl</c>; or one of the runtime: <c>DOTNET_…</c>.
    /// </param>
    public static Task<RunningServer> StartAsync(params KeyValuePair<string, string>[] settings) =>
        StartAsync(FreeAddress(), config: null, settings);

    /// <param name="issuer">Of <see cref="FreeAddress"/>, for whoever must be known by it before.</param>
    /// <param name="config">JSON of section <c>IdentityProvider</c>, for lists that no single setting reaches.</param>
    /// <param name="settings">Settings that differ, by their path under <c>IdentityProvider</c>.</param>
    public static async Task<RunningServer> StartAsync(string issuer, string? config, params KeyValuePair<string, string>[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("identity-provider-").FullName;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = issuer,
            ["IdentityProvider__Issuer"] = issuer,
            ["IdentityProvider__DataFolder"] = folder,
            ["IdentityProvider__Outbound__timeout"] = "30", // a busy machine is no outage
        };
        foreach (var (path, value) in settings)
        {
            var isOfRuntime = path.StartsWith("DOTNET_", StringComparison.Ordinal);
            environment[isOfRuntime ? path : "IdentityProvider__" + path.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        try
        {
            if (config is not null)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, ConfigFile), $$"""{ "IdentityProvider": {{config}} }""");
            }

            return new RunningServer(await StartProcessAsync(environment, folder), folder, issuer, environment);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Kills the process (SIGKILL, as <c>kill -9</c>) and starts it again with the same data.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process.DisposeAsync();
        _process = await StartProcessAsync(_environment, _folder);
    }

    /// <summary>Ends the process, deletes its data, and starts it again without waiting for it.</summary>
    public async Task BeginAnewAsync()
    {
        await _process.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(_folder).Where(file => Path.GetFileName(file) != ConfigFile))
        {
            File.Delete(file);
        }

        _process = Start();
    }

    /// <summary>Runs a command of the server beside it, on the same data; the test fails when it fails.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunAsync(params string[] command)
    {
        var (exitCode, output) = await ChildProcess.RunAsync("dotnet", Arguments(_folder, command), _environment);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Starts a command of the server beside it, on the same data, for whoever ends it before it is done.</summary>
    public ChildProcess Start(params string[] command) => ChildProcess.Start("dotnet", Arguments(_folder, command), _environment);

    /// <summary>From now on no file of the database grows beyond what the largest has, or all may again.</summary>
    public Task FillDiskAsync(bool isFull) =>
        _process.LimitFilesAsync(isFull ? Directory.EnumerateFiles(_folder, "*.db*").Max(file => new FileInfo(file).Length) : null);

    /// <summary>Writes nonsense over the database of the running server.</summary>
    public async Task BreakDatabaseAsync()
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*.db*"))
        {
            // In place: the server maps one of them into its memory, and would die of reading past an end that is gone for a moment.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            await RandomAccess.WriteAsync(file, new byte[RandomAccess.GetLength(file)], 0);
        }
    }

    /// <summary>A token by client credentials; the test fails when it is refused.</summary>
    public async Task<string> GetTokenAsync(string clientId, string secret, string scope)
    {
        using var response = await PostAsync("token_endpoint", (clientId, secret), ("grant_type", "client_credentials"), ("scope", scope));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        using var body = JsonDocument.Parse(text);
        return body.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>The address of an endpoint, as the metadata tells it.</summary>
    public async Task<string> FindEndpointAsync(string name)
    {
        using var metadata = JsonDocument.Parse(await Http.GetStringAsync("/.well-known/openid-configuration"));
        return metadata.RootElement.GetProperty(name).GetString()!;
    }

    /// <summary>A form sent to an endpoint of the metadata; with a client, it authenticates by HTTP Basic.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string endpoint, (string Id, string Secret)? client, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, await FindEndpointAsync(endpoint));
        if (client is { } basic)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{basic.Id}:{basic.Secret}")));
        }

        request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<ChildProcess> StartProcessAsync(Dictionary<string, string> environment, string folder) =>
        ChildProcess.ListenAsync("env", ["--ignore-signal=XFSZ", "dotnet", .. Arguments(folder)], environment); // see FillDiskAsync

    private static IEnumerable<string> Arguments(string folder, params string[] command)
    {
        var config = Path.Combine(folder, ConfigFile);
        string[] options = File.Exists(config) ? ["--config", config] : [];
        return [Repository.AssemblyOf("src/IdentityProvider.Server"), .. command, .. options];
    }

    /// <summary>An address for whoever must be known by its port before it starts.</summary>
    public static string FreeAddress() => $"http://localhost:{FreePorts.Take()}";
}
