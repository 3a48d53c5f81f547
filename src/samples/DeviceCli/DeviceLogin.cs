using QRCoder;

namespace DeviceCli;

/// <summary>The device flow (RFC 8628): the person signs in on any device with a browser, and this tool asks until it is done.</summary>
internal sealed class DeviceLogin(Issuer issuer)
{
    /// <exception cref="CliException">The person said no, or took too long.</exception>
    public async Task<TokenResponse> RunAsync(CancellationToken cancellationToken)
    {
        var device = await issuer.StartAsync(cancellationToken);
        Show(device);

        // §3.5: wait that long between two questions, five seconds if nothing is said.
        var interval = TimeSpan.FromSeconds(device.Interval ?? 5);
        while (true)
        {
            await Task.Delay(interval, cancellationToken);
            var response = await AskAsync(device, cancellationToken);
            switch (response.Error)
            {
                case null:
                    return response;
                case "authorization_pending":
                    break;
                case "slow_down":
                    interval += TimeSpan.FromSeconds(5);
                    break;
                case "access_denied":
                    throw new CliException("The request was refused. Nobody is signed in.");
                case "expired_token":
                    throw new CliException("The code has expired. Start again: login");
                default:
                    throw new CliException($"Signing in failed: {response.Error} {response.ErrorDescription}");
            }
        }
    }

    private async Task<TokenResponse> AskAsync(DeviceAuthorization device, CancellationToken cancellationToken)
    {
        try
        {
            return await issuer.RequestTokensAsync(
                cancellationToken,
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", device.DeviceCode));
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // §3.5: after a time-out ask less often, do not give up.
            return new TokenResponse(AccessToken: null, RefreshToken: null, 0, "slow_down", ErrorDescription: null);
        }
    }

    private static void Show(DeviceAuthorization device)
    {
        using var code = QRCodeGenerator.GenerateQrCode(
            device.VerificationUriComplete ?? device.VerificationUri, QRCodeGenerator.ECCLevel.L);
        using var drawing = new AsciiQRCode(code);
        Console.WriteLine(drawing.GetGraphicSmall());
        Console.WriteLine($"Scan the code, or open {device.VerificationUri} and type {device.UserCode}.");
        Console.WriteLine($"The page must show the same code. It is good for {device.ExpiresIn / 60} minutes; Ctrl-C gives up.");
    }
}
