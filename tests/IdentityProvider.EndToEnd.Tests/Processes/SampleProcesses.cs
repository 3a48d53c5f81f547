namespace IdentityProvider.EndToEnd.Tests.Processes;

/// <summary>The samples as processes on free loopback ports, told where the issuer is.</summary>
internal static class SampleProcesses
{
    private static readonly SemaphoreSlim Installing = new(1);
    private static bool _isInstalled;

    public static Task<ChildProcess> StartResourceApiAsync(string issuer) => StartAsync("src/samples/ResourceApi", issuer);

    /// <param name="issuer">Who signs people in.</param>
    /// <param name="ordersApi">Null: none that answers.</param>
    /// <param name="address">Null: a free port.</param>
    public static Task<ChildProcess> StartWebAppAsync(string issuer, Uri? ordersApi = null, string? address = null) => StartAsync(
        "src/samples/WebApp",
        issuer,
        address,
        KeyValuePair.Create("OrdersApi", (ordersApi ?? new Uri("http://127.0.0.1:9")).ToString()));

    public static async Task<ChildProcess> StartNodeApiAsync(string issuer)
    {
        var folder = Path.Combine(Repository.Root, "src", "samples", "NodeApi");
        await InstallAsync(folder);
        return await ChildProcess.ListenAsync(
            "node",
            ["server.js"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Issuer"] = issuer, ["PORT"] = "0" },
            folder);
    }

    /// <summary>One round of the service: exit code and what it wrote.</summary>
    public static Task<(int ExitCode, string Output)> RunServiceWorkerAsync(
        string issuer, Uri resourceApi, Uri nodeApi, params KeyValuePair<string, string>[] more) => ChildProcess.RunAsync(
            "dotnet",
            [Repository.AssemblyOf("src/samples/ServiceWorker"), "--once"],
            Environment(
                issuer,
                [
                    KeyValuePair.Create("Apis__ResourceApi", resourceApi.ToString()),
                    KeyValuePair.Create("Apis__NodeApi", nodeApi.ToString()),
                    .. more,
                ]));

    private static Task<ChildProcess> StartAsync(
        string project, string issuer, string? address = null, params KeyValuePair<string, string>[] more) => ChildProcess.ListenAsync(
            "dotnet",
            [Repository.AssemblyOf(project), "--urls", address ?? "http://127.0.0.1:0"],
            Environment(issuer, more));

    private static Dictionary<string, string> Environment(string issuer, IEnumerable<KeyValuePair<string, string>> more)
    {
        var environment = new Dictionary<string, string>(more, StringComparer.Ordinal) { ["Issuer"] = issuer };
        return environment;
    }

    /// <summary>npm notes what it installed; a lock file written later means that something changed.</summary>
    private static bool IsUpToDate(string folder) =>
        File.GetLastWriteTimeUtc(Path.Combine(folder, "node_modules", ".package-lock.json"))
        >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"));

    private static async Task InstallAsync(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            if (!_isInstalled && !IsUpToDate(folder))
            {
                var (exitCode, output) = await ChildProcess.RunAsync(
                    "npm", ["ci", "--silent"], new Dictionary<string, string>(StringComparer.Ordinal), folder);
                Assert.True(exitCode == 0, "npm ci: " + output);
            }

            _isInstalled = true;
        }
        finally
        {
            Installing.Release();
        }
    }
}
