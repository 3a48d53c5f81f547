using NativeApp;

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(10));
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var settings = AppSettings.FromEnvironment();
using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15) };
var issuer = new Issuer(http, settings);
try
{
    switch (args)
    {
        case [var address] when SchemeCallback.IsAddress(address):
            await SchemeCallback.HandOverAsync(settings.ClientId, address, stop.Token);
            return 0;
        case []:
            await UseAsync(new LoopbackCallback());
            return 0;
        case ["--scheme"]:
            await UseAsync(new SchemeCallback(settings.ClientId));
            return 0;
        default:
            await Console.Error.WriteLineAsync("NativeApp [--scheme]: sign in over a loopback address, or over the app's own scheme");
            return 2;
    }
}
catch (NativeException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (HttpRequestException exception)
{
    await Console.Error.WriteLineAsync($"Not reached: {exception.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Given up.");
    return 130;
}

// What an app does with a sign-in: knows who it is, calls its API, and ends it. A real one keeps the refresh token in the
// system's key store in between.
async Task UseAsync(ICallback callback)
{
    TokenResponse tokens;
    using (callback)
    {
        tokens = await new SignIn(issuer, settings).RunAsync(callback, SystemBrowser.Open, stop.Token);
    }

    var metadata = await issuer.FindAsync(stop.Token);
    var person = await issuer.GetAsync(metadata.UserInfoEndpoint, tokens.AccessToken, stop.Token);
    Console.WriteLine($"Signed in as {person.GetProperty("name").GetString()}.");
    foreach (var order in (await issuer.GetAsync(new Uri(settings.OrdersApi, "/orders"), tokens.AccessToken, stop.Token)).EnumerateArray())
    {
        Console.WriteLine($"Order {order.GetProperty("number")}: {order.GetProperty("quantity")} x {order.GetProperty("item")}");
    }

    await issuer.RevokeAsync(tokens.RefreshToken ?? tokens.AccessToken, stop.Token);
    Console.WriteLine("Signed out; the tokens are of no use any more.");
}
