using System.Net;
using System.Text.Json;

namespace DeviceCli;

/// <summary>The commands: what each prints goes to standard output, what went wrong to standard error with exit code 1.</summary>
internal sealed class Commands(CliSettings settings, Issuer issuer, TokenCache cache, SignedIn signedIn)
{
    private const string Usage =
        """
        login    sign in on any device with a browser
        whoami   who is signed in
        call     call the orders API
        logout   sign out and forget the tokens
        """;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        switch (args)
        {
            case ["login"]:
                await LoginAsync(cancellationToken);
                return 0;
            case ["whoami"]:
                Console.WriteLine(await GetAsync((await issuer.FindAsync(cancellationToken)).UserInfoEndpoint, cancellationToken));
                return 0;
            case ["call"]:
                Console.WriteLine(await GetAsync(new Uri(settings.OrdersApi, "/orders"), cancellationToken));
                return 0;
            case ["logout"]:
                await LogoutAsync(cancellationToken);
                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private async Task LoginAsync(CancellationToken cancellationToken)
    {
        var response = await new DeviceLogin(issuer).RunAsync(cancellationToken);
        signedIn.Keep((await issuer.FindAsync(cancellationToken)).Issuer, response, previousRefreshToken: null);
        Console.WriteLine($"Signed in. The tokens are in {cache.Path}, which only you can read.");
    }

    private async Task<string> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        var response = await SendAsync(address, await signedIn.GetAccessTokenAsync(isRefused: false, cancellationToken), cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            // Withdrawn before it expired: once more with a new one.
            response.Dispose();
            response = await SendAsync(address, await signedIn.GetAccessTokenAsync(isRefused: true, cancellationToken), cancellationToken);
        }

        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(body), Readable)
                : throw new CliException($"{address} answered {(int)response.StatusCode}. {body}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, string accessToken, CancellationToken cancellationToken)
    {
        try
        {
            return await issuer.GetAsync(address, accessToken, cancellationToken);
        }
        catch (HttpRequestException)
        {
            throw new CliException($"{address} does not answer. Start it: dotnet run --project src/samples/ResourceApi");
        }
    }

    private async Task LogoutAsync(CancellationToken cancellationToken)
    {
        if (cache.Read() is not { } tokens)
        {
            Console.WriteLine("Nobody is signed in.");
            return;
        }

        // The file goes first: whatever becomes of the rest, this machine has forgotten its user.
        cache.Delete();
        if (string.Equals(tokens.Issuer, settings.Issuer, StringComparison.Ordinal))
        {
            await issuer.RevokeAsync(tokens.RefreshToken ?? tokens.AccessToken, cancellationToken);
        }

        Console.WriteLine("Signed out.");
    }
}
