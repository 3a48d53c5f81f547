using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Outbound;

/// <summary>
/// Asks a service of the form of "Pwned Passwords" for the end of every SHA-1 hash that begins like the password's: five hexadecimal digits
/// leave the server and fit some thousand passwords of its list, and all others (k-anonymity). What went wrong is logged without the address,
/// for the digits are in it.
/// </summary>
internal sealed class PasswordRangeService(
    OutboundHttp http, IOptions<AccountsOptions> accounts, IOptions<ProtocolOptions> options, ILogger<PasswordRangeService> logger)
    : IBreachedPasswords
{
    private const int PrefixLength = 5;
    private const int SuffixLength = (SHA1.HashSizeInBytes * 2) - PrefixLength;

    /// <summary>Some 2,000 lines of 40 characters are usual, padded.</summary>
    private const int MaxLength = 256 * 1024;

    public async Task<bool> ContainsAsync(string password, CancellationToken cancellationToken)
    {
        if (accounts.Value.PasswordRangeService is not { } service)
        {
            return false;
        }

        var hash = HashOf(password);
        try
        {
            var answer = await FetchAsync(new Uri($"{service.TrimEnd('/')}/{hash[..PrefixLength]}"), cancellationToken);
            return answer is not null && Contains(answer, hash[PrefixLength..]);
        }
        catch (Exception exception) when (OutboundHttp.IsOutage(exception, cancellationToken))
        {
            OutboundLog.NoPasswordRange(logger, exception is OperationCanceledException ? "no answer in time" : "no connection, or a broken answer");
            return false;
        }
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "the list is kept by SHA-1; nothing is protected by it")]
    private static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));

    /// <summary>Null, and logged, when it is no answer that can be used.</summary>
    private async Task<string?> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        if (!http.IsAllowed(address))
        {
            OutboundLog.NoPasswordRange(logger, OutboundHttp.NotAllowed);
            return null;
        }

        // The client's own limit ends with the headers of an answer whose body is read apart.
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(options.Value.Outbound.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        // The answer's length would tell which range it is.
        request.Headers.Add("Add-Padding", "true");
        request.Headers.Add("User-Agent", "IdentityProvider");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time.Token);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            OutboundLog.NoPasswordRange(logger, string.Create(CultureInfo.InvariantCulture, $"the answer was {(int)response.StatusCode}"));
            return null;
        }

        await using var body = await response.Content.ReadAsStreamAsync(time.Token);
        var buffer = new byte[MaxLength + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, time.Token);
        if (length > MaxLength)
        {
            OutboundLog.NoPasswordRange(logger, "the answer was too long");
            return null;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    /// <summary>Lines are <c>SUFFIX:COUNT</c>; those with count 0 are padding.</summary>
    private bool Contains(string answer, string suffix)
    {
        var isList = false;
        foreach (var line in answer.AsSpan().EnumerateLines())
        {
            if (line.Length <= SuffixLength
                || line[SuffixLength] != ':'
                || !long.TryParse(line[(SuffixLength + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                continue;
            }

            isList = true;
            if (count > 0 && line.StartsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        if (!isList)
        {
            OutboundLog.NoPasswordRange(logger, "the answer was no list");
        }

        return false;
    }
}
