using IdentityProvider.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.LoadBench;

/// <summary>
/// Kills the server under load (SIGKILL), starts it over the same database, and asks whether everything holds that it had answered: the newest
/// refresh token of each grant works, and no revoked one does.
/// </summary>
internal static class CrashRun
{
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(BenchOptions options, int times, int callers, TextWriter output)
    {
        await using var server = await BenchServer.CreateAsync(options.Against, options.PostgreSql);
        for (var i = 1; i <= times; i++)
        {
            var people = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => BenchClients.SignInAsync(server.Address)));
            var work = people.Select(http => UseAsync(http, server.Address)).ToList();
            await Task.Delay(Load);
            await server.KillAsync();
            var kept = (await Task.WhenAll(work)).SelectMany(known => known).ToList();
            await server.Process.DisposeAsync();
            var took = await server.StartAsync();
            var wrong = await CheckAsync(people[0], server.Address, kept);
            await output.WriteLineAsync(
                $"kill {i}: up again in {took.TotalMilliseconds:F0} ms; {kept.Count} grants answered before it, {kept.Count(grant => grant.Revoked)} of them revoked; "
                    + $"lost or come to life again: {wrong}");
        }

        await server.KillAsync();
        if (!options.PostgreSql)
        {
            await output.WriteLineAsync("integrity_check: " + CheckFile(server.SqliteFile));
        }
    }

    /// <summary>Opens grants, refreshes and revokes until the server is gone. What it had answered; a grant that was in hand when it died is left out.</summary>
    private static async Task<List<KnownGrant>> UseAsync(HttpClient http, Uri server)
    {
        var known = new List<KnownGrant>();
        try
        {
            while (true)
            {
                var token = RefreshTokenOf(await BenchClients.CodeAsync(http, server, "bench.es"));
                token = RefreshTokenOf(await RefreshAsync(http, server, token));
                var isRevoked = known.Count % 3 == 0;
                if (isRevoked)
                {
                    using var form = new FormUrlEncodedContent([new("client_id", "bench-app"), new("token", token)]);
                    using var response = await http.PostAsync(new Uri(server, "/connect/revoke"), form);
                    response.EnsureSuccessStatusCode();
                }

                known.Add(new KnownGrant(token, isRevoked));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return known;
        }
    }

    private static async Task<int> CheckAsync(HttpClient http, Uri server, List<KnownGrant> known)
    {
        var wrong = 0;
        foreach (var grant in known)
        {
            using var form = new FormUrlEncodedContent(
                [new("grant_type", "refresh_token"), new("client_id", "bench-app"), new("refresh_token", grant.RefreshToken)]);
            using var response = await http.PostAsync(new Uri(server, "/connect/token"), form);
            wrong += response.IsSuccessStatusCode == grant.Revoked ? 1 : 0;
        }

        return wrong;
    }

    private static string CheckFile(string file)
    {
        SqliteBinding.Bind();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }

    private static Task<System.Text.Json.JsonElement> RefreshAsync(HttpClient http, Uri server, string token) =>
        BenchClients.PostAsync(http, server, "/connect/token", ("grant_type", "refresh_token"), ("client_id", "bench-app"), ("refresh_token", token));

    private static string RefreshTokenOf(System.Text.Json.JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    private sealed record KnownGrant(string RefreshToken, bool Revoked);
}
