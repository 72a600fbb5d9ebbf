"""An S3 server with the archive, and who may read it."""

import json
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support import Moto

BUCKET = "my-logs"


def credentials(server, **more):
    """Returns the environment of a process that reads from a server."""
    given = {"AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": Moto.key, "AWS_SECRET_ACCESS_KEY": Moto.secret}
    return given | {"AWS_REGION": "us-east-1", "NO_PROXY": "127.0.0.1", "AWS_EC2_METADATA_DISABLED": "true"} | more


def fill(server, folder, prefix):
    """Uploads a folder."""
    client = server.client()
    if not any(bucket["Name"] == BUCKET for bucket in client.list_buckets()["Buckets"]):
        client.create_bucket(Bucket=BUCKET)
    for path in sorted(folder.iterdir()):
        client.put_object(Bucket=BUCKET, Key=f"{prefix}{path.name}", Body=path.read_bytes())


def strict_user(server):
    """Makes a user that may read, and a server that refuses all others from now on; returns the user's key."""
    import boto3

    given = {"aws_access_key_id": Moto.key, "aws_secret_access_key": Moto.secret, "region_name": "us-east-1"}
    iam = boto3.client("iam", endpoint_url=server.url, **given)
    iam.create_user(UserName="reader")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    address, header = f"{server.url}/moto-api/reset-auth", {"Content-Type": "text/plain"}
    request = urllib.request.Request(address, b"0", header, method="POST")
    urllib.request.urlopen(request, timeout=10).close()
    return key
