using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's second factors: the app, recovery codes, and browsers that stand for them. Every change asks for a fresh proof of both factors.</summary>
internal sealed class SecondFactorsPage(
    AccountGuard guard, SecondFactorDesk desk, SmsCodes codes, TelephoneChange telephone, TimeTexts times, DeviceNames names) : HostedPage
{
    private static readonly int TwoFactors = AcrValues.LevelOf(AcrValues.TwoFactors);
    private static readonly string[] DoneWords = ["app", "removed", "device", "telephone", "telephone-removed", Again];

    /// <summary>What was asked for was not done.</summary>
    public const string Again = "again";

    /// <summary>Null when there is no app.</summary>
    public string? AppSince { get; private set; }

    /// <summary>When a code of the app was last taken; null when there is no app.</summary>
    public string? AppLastUsed { get; private set; }

    /// <summary>Whether text messages can be sent.</summary>
    public bool OffersTelephone => codes.IsOffered;

    /// <summary>Its last digits; null when there is none.</summary>
    public string? Telephone { get; private set; }

    /// <summary>How many recovery codes are left.</summary>
    public int CodesLeft { get; private set; }

    /// <summary>Whether the account must keep a second factor.</summary>
    public bool IsRequired { get; private set; }

    public IReadOnlyList<TrustedDeviceLine> Devices { get; private set; } = [];

    /// <summary>Set when new ones were made, this one time.</summary>
    public RecoveryCodeList? Codes { get; private set; }

    public string? Done { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await FindAccountAsync() is not { } account)
        {
            return SeeOther($"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={EndpointPaths.SecondFactors}");
        }

        Done = Array.Find(DoneWords, word => string.Equals(word, done, StringComparison.Ordinal));
        var state = await desk.ReadAsync(account, HttpContext.RequestAborted);
        AppSince = state.App is { } app ? times.Ago(app.CreatedAt) : null;
        AppLastUsed = state.App is { } used ? times.Ago(used.LastUsedAt) : null;
        (Telephone, CodesLeft, IsRequired) = (state.Telephone, state.CodesLeft, state.IsRequired);
        Devices = [.. state.Trusted.Select(device => new TrustedDeviceLine(device.Id, names.Of(device.UserAgent), times.Ago(device.LastSeenAt)))];
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync()
    {
        if (await FindAccountAsync(TwoFactors) is not { } account)
        {
            return ProveFirst();
        }

        return Finished(await desk.TryRemoveAsync(account, RemoteAddress, HttpContext.RequestAborted) ? "removed" : Again);
    }

    public async Task<IActionResult> OnPostTelephoneAsync()
    {
        if (await FindAccountAsync(TwoFactors) is not { } account)
        {
            return ProveFirst();
        }

        return Finished(await telephone.TryRemoveAsync(account, RemoteAddress, HttpContext.RequestAborted) ? "telephone-removed" : Again);
    }

    public async Task<IActionResult> OnPostCodesAsync()
    {
        if (await FindAccountAsync(TwoFactors) is not { } account)
        {
            return ProveFirst();
        }

        if (await desk.RenewCodesAsync(account, RemoteAddress, HttpContext.RequestAborted) is not { } codes)
        {
            return Finished(Again);
        }

        Codes = new RecoveryCodeList(codes, "~" + EndpointPaths.SecondFactors);
        return Page();
    }

    public async Task<IActionResult> OnPostForgetAsync([FromForm] Guid device)
    {
        if (await FindAccountAsync() is not { } account)
        {
            return SeeOther("~" + EndpointPaths.SecondFactors);
        }

        return await desk.TryForgetAsync(account, device, RemoteAddress, HttpContext.RequestAborted) ? Finished("device") : NoSuchPage();
    }

    /// <summary>Who is signed in; with a level, only after a fresh proof to it.</summary>
    private async Task<Account?> FindAccountAsync(int level = 0) =>
        (level == 0 ? await guard.FindAsync(HttpContext) : await guard.FindFreshAsync(HttpContext, level))?.Account;

    private IActionResult ProveFirst() => SeeOther(FreshSignIn.AddressFor(Url.Content("~" + EndpointPaths.SecondFactors), TwoFactors));

    private IActionResult Finished(string what) => SeeOther($"~{EndpointPaths.SecondFactors}?{PageParameters.Done}={what}");
}

/// <summary>A browser that stands for the second factor.</summary>
internal sealed record TrustedDeviceLine(Guid Id, string Name, string LastSeen);
