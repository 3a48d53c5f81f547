using System.Data.Common;
using System.Net.Sockets;
using IdentityProvider.Protocol.Keys;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Server.Composition;

/// <summary>What hinders the start and is no bug: an outage, or a machine that lacks something. Told in a line that says what to do.</summary>
internal static class StartFault
{
    private const string WhereDataStands = "IdentityProvider:DataFolder and IdentityProvider:Storage:connection_string say where it stands.";

    /// <summary>Null for a bug, which keeps its stack.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        KeyRingException or PlatformNotSupportedException => exception.Message,
        IOException { InnerException: AddressInUseException } =>
            $"{exception.Message} Another program listens there, or this server runs already: stop it, or choose another address with --urls.",
        UnauthorizedAccessException =>
            $"{exception.Message} Give the account that runs the server the right to read and write there. {WhereDataStands}",
        IOException => $"{exception.Message} {WhereDataStands}",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"The address cannot be listened on: {exception.Message}. Ports below 1024 need a right of their own; choose another address with --urls.",
        SqliteException sqlite => $"{sqlite.Message} {Advise(sqlite)} {WhereDataStands}",
        PostgresException postgres => $"PostgreSQL refused: {postgres.MessageText} ({postgres.SqlState}). {Advise(postgres)}",
        NpgsqlException =>
            $"PostgreSQL cannot be reached: {exception.Message}. Is it running, and are Host and Port of IdentityProvider:Storage:connection_string right?",
        DbException => exception.Message,
        _ => null,
    };

    private static string Advise(SqliteException sqlite) => sqlite.SqliteErrorCode switch
    {
        5 or 6 => "Another program holds the file; wait for it or stop it.",
        8 or 14 => "The account that runs the server must be able to write the file and its folder.",
        11 or 26 => "The file is damaged or no SQLite database: restore it from a backup, or name another one.",
        13 => "The disk is full.",
        _ => "",
    };

    private static string Advise(PostgresException postgres) => postgres.SqlState switch
    {
        PostgresErrorCodes.InvalidCatalogName => "Create the database first; its tables are made by the command migrate.",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "Look at Username and Password of IdentityProvider:Storage:connection_string.",
        PostgresErrorCodes.InsufficientPrivilege => "The role must own the tables, or have been granted all of them.",
        _ => "",
    };
}
