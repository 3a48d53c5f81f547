using System.Globalization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Server.Composition;

namespace IdentityProvider.Server.Commands;

/// <summary>
/// <c>registration token create [--expires-in SECONDS] [--uses N] [--note TEXT]</c>, <c>registration token list</c>,
/// <c>registration token revoke ID</c>: initial access tokens (RFC 7591 §3). Works on the database, so running nodes follow at once.
/// Times are UTC.
/// </summary>
internal sealed class RegistrationCommand(IInitialAccessTokenStore tokens, TimeProvider clock, TextWriter output, TextWriter errors)
{
    public const string Usage =
        "registration token create [--expires-in SECONDS] [--uses N] [--note TEXT] | registration token list | registration token revoke ID";

    private const int Success = 0;
    private const int Refused = 1;
    private const int Misused = 2;
    private const int MaxNoteLength = 200;

    private static readonly string[] Head = ["ID", "CREATED", "EXPIRES", "USES", "OF", "NOTE"];

    /// <param name="arguments">The words after <c>registration</c>.</param>
    /// <param name="cancellationToken">Cancels before the next statement.</param>
    /// <returns>The exit code: 0 done, 1 refused, 2 the words make no sense.</returns>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => arguments switch
    {
        ["token", "create", ..] => CreateAsync([.. arguments.Skip(2)], cancellationToken),
        ["token", "list"] => ListAsync(cancellationToken),
        ["token", "revoke", var id] => RevokeAsync(id, cancellationToken),
        _ => RefuseAsync($"Usage: {Usage}", Misused),
    };

    private async Task<int> CreateAsync(IReadOnlyList<string> choices, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (Read(choices, new InitialAccessToken { Id = Guid.CreateVersion7(now), CreatedAt = now }) is not { } token)
        {
            return await RefuseAsync($"Usage: {Usage}", Misused);
        }

        var value = RegistrationTokens.New();
        await tokens.AddAsync(token, RegistrationTokens.Hash(value), cancellationToken);

        // The token alone on the output, so that scripts can take it; it is shown this once.
        await errors.WriteLineAsync($"Initial access token {token.Id}; it is kept as a hash and cannot be shown again:");
        await output.WriteLineAsync(value);
        return Success;
    }

    private static InitialAccessToken? Read(IReadOnlyList<string> choices, InitialAccessToken token)
    {
        for (var i = 0; i < choices.Count; i += 2)
        {
            var value = i + 1 < choices.Count ? choices[i + 1] : string.Empty;
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (choices[i])
            {
                case "--expires-in" when isNumber:
                    token = token with { ExpiresAt = token.CreatedAt.AddSeconds(number) };
                    break;
                case "--uses" when isNumber:
                    token = token with { MaxUses = number };
                    break;
                case "--note" when value.Length is > 0 and <= MaxNoteLength:
                    token = token with { Note = LogHygiene.OneLine(value) };
                    break;
                default:
                    return null;
            }
        }

        return token;
    }

    private async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        var standing = await tokens.ListAsync(cancellationToken);
        if (standing.Count == 0)
        {
            await output.WriteLineAsync("There are no initial access tokens.");
            return Success;
        }

        string[][] rows = [Head, .. standing.Select(Line)];
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await output.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return Success;
    }

    private async Task<int> RevokeAsync(string text, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(text, out var id))
        {
            return await RefuseAsync($"{LogHygiene.OneLine(ClientUriRules.Printable(text))} is no id. See registration token list.", Misused);
        }

        if (!await tokens.TryRevokeAsync(id, cancellationToken))
        {
            return await RefuseAsync("No initial access token has that id. See registration token list.", Refused);
        }

        await output.WriteLineAsync($"{id} registers nobody any more. Clients that were registered with it stay.");
        return Success;
    }

    private async Task<int> RefuseAsync(string reason, int exitCode)
    {
        await errors.WriteLineAsync(reason);
        return exitCode;
    }

    private static string[] Line(InitialAccessToken token) =>
    [
        token.Id.ToString(),
        Print(token.CreatedAt),
        Print(token.ExpiresAt),
        token.Uses.ToString(CultureInfo.InvariantCulture),
        token.MaxUses?.ToString(CultureInfo.InvariantCulture) ?? "-",
        token.Note ?? "-",
    ];

    private static string Print(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
