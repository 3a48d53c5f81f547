using System.Globalization;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Server.Composition;

namespace IdentityProvider.Server.Commands;

/// <summary>
/// <c>accounts invite MAIL</c>, <c>accounts revoke-invitation ID</c>: works on the database; a running node sends the mail within a second. Times
/// are UTC.
/// </summary>
internal sealed class AccountsCommand(Invitations invitations, AccountCreation accounts, TextWriter output, TextWriter errors)
{
    public const string Usage = "accounts invite MAIL | accounts revoke-invitation ID";

    private const int Success = 0;
    private const int Refused = 1;
    private const int Misused = 2;

    /// <param name="arguments">The words after <c>accounts</c>.</param>
    /// <param name="cancellationToken">Cancels before the next statement.</param>
    /// <returns>The exit code: 0 done, 1 refused, 2 the words make no sense.</returns>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => arguments switch
    {
        ["invite", var email] => InviteAsync(email.Trim(), cancellationToken),
        ["revoke-invitation", var id] => RevokeAsync(id, cancellationToken),
        _ => RefuseAsync($"Usage: {Usage}", Misused),
    };

    private async Task<int> InviteAsync(string email, CancellationToken cancellationToken)
    {
        if (!SignUpDrafts.IsEmail(email))
        {
            return await RefuseAsync($"{LogHygiene.OneLine(email)} is no mail address.", Misused);
        }

        if (!invitations.AreOpen)
        {
            return await RefuseAsync("IdentityProvider:Accounts:registration is closed; set it to invitation.", Refused);
        }

        if (!invitations.CanBeSent)
        {
            return await RefuseAsync("Invitations go by mail, and IdentityProvider:Mail:transport is none.", Refused);
        }

        if (await accounts.IsTakenAsync(email))
        {
            return await RefuseAsync("There is an account with this address already.", Refused);
        }

        var invitation = await invitations.SendAsync(email, cancellationToken);
        var end = invitation.ExpiresAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await output.WriteLineAsync($"Invited {email} until {end}. To take it back: accounts revoke-invitation {invitation.Id}");
        return Success;
    }

    private async Task<int> RevokeAsync(string text, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(text, out var id))
        {
            return await RefuseAsync($"{LogHygiene.OneLine(text)} is no id of an invitation.", Misused);
        }

        if (!await invitations.TryRevokeAsync(id, cancellationToken))
        {
            return await RefuseAsync("That invitation was used or taken back already.", Refused);
        }

        await output.WriteLineAsync($"Invitation {id} does not work any more.");
        return Success;
    }

    private async Task<int> RefuseAsync(string reason, int exitCode)
    {
        await errors.WriteLineAsync(reason);
        return exitCode;
    }
}
