using System.Globalization;

namespace IdentityProvider.EndToEnd.Tests.Processes;

/// <summary>The samples as processes on free loopback ports, told where the issuer is.</summary>
internal static class SampleProcesses
{
    private static readonly SemaphoreSlim Installing = new(1);
    private static readonly HashSet<string> Installed = new(StringComparer.Ordinal);

    /// <param name="issuer">Whose tokens it accepts.</param>
    /// <param name="origin">The single-page app that may call it; null: none.</param>
    public static Task<ChildProcess> StartResourceApiAsync(string issuer, string? origin = null) => StartAsync(
        "src/samples/ResourceApi",
        issuer,
        address: null,
        origin is null ? [] : [KeyValuePair.Create("Origins__0", origin)]);

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
        var folder = await InstallAsync("NodeApi");
        return await ChildProcess.ListenAsync(
            "node",
            ["server.js"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Issuer"] = issuer, ["PORT"] = "0" },
            folder);
    }

    public static Task<ChildProcess> StartBffWebAsync(string issuer, Uri ordersApi, string address) => StartAsync(
        "src/samples/BffWeb", issuer, address, KeyValuePair.Create("OrdersApi", ordersApi.ToString()));

    /// <summary>Builds the single-page app as its README says, and serves what was built.</summary>
    public static async Task<ChildProcess> StartSpaAsync(string issuer, Uri ordersApi, string address, string output)
    {
        var folder = await InstallAsync("Spa");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["VITE_ISSUER"] = issuer,
            ["VITE_ORDERS_API"] = ordersApi.GetLeftPart(UriPartial.Authority),
            ["PORT"] = new Uri(address).Port.ToString(CultureInfo.InvariantCulture),
            ["NO_COLOR"] = "1",
        };
        var (exitCode, log) = await ChildProcess.RunAsync("npm", ["run", "build", "--", "--outDir", output], environment, folder);
        Assert.True(exitCode == 0, "npm run build: " + log);
        return await ChildProcess.ListenAsync("npm", ["run", "preview", "--", "--outDir", output], environment, folder);
    }

    /// <summary>A sample without an address, to talk to.</summary>
    public static ChildProcess StartTool(
        string project, string issuer, Uri ordersApi, IEnumerable<string> arguments, params KeyValuePair<string, string>[] more) => ChildProcess.Start(
            "dotnet",
            [Repository.AssemblyOf(project), .. arguments],
            Environment(issuer, [KeyValuePair.Create("OrdersApi", ordersApi.ToString()), .. more]));

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

    /// <summary>What <c>npm ci</c> installs for a sample, once.</summary>
    public static async Task<string> InstallAsync(string sample)
    {
        var folder = Path.Combine(Repository.Root, "src", "samples", sample);
        await Installing.WaitAsync();
        try
        {
            if (Installed.Add(folder) && !IsUpToDate(folder))
            {
                var (exitCode, output) = await ChildProcess.RunAsync(
                    "npm", ["ci", "--silent"], new Dictionary<string, string>(StringComparer.Ordinal), folder);
                Assert.True(exitCode == 0, "npm ci: " + output);
            }
        }
        finally
        {
            Installing.Release();
        }

        return folder;
    }

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
}
